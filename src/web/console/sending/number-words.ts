const small = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const large = [
  { value: 1_000_000, name: 'million' },
  { value: 1000, name: 'thousand' },
];

/** `4812` → `four thousand eight hundred and twelve`: a nought too many is heard, where it would be overlooked. */
export function numberWords(number: number): string {
  for (const { value, name } of large) {
    if (number < value) continue;
    const rest = number % value;
    const tail = rest === 0 ? '' : `${rest < 100 ? ' and' : ''} ${numberWords(rest)}`;
    return `${numberWords(Math.floor(number / value))} ${name}${tail}`;
  }
  if (number >= 100) {
    const rest = number % 100;
    return `${small[Math.floor(number / 100)]} hundred${rest === 0 ? '' : ` and ${numberWords(rest)}`}`;
  }
  if (number < 20) return small[number] ?? '';
  return `${tens[Math.floor(number / 10)]}${number % 10 === 0 ? '' : `-${small[number % 10]}`}`;
}
