/** Scripts whose letters stand for sounds one by one; others (Arabic leaves its vowels out) are left as they are. */
const letters: Readonly<Record<string, string>> = {
  ...pairs(
    'աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև',
    'a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev',
  ),
  ...pairs(
    'აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ',
    'a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h',
  ),
  ...pairs(
    'абвгдежзийклмнопрстуфхцчшщъыьэюя',
    'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya',
  ),
  ...pairs('ёєіїґўђјљњћџ', 'e ye i yi g u dj j lj nj c dz'),
  // Latin letters that don't come apart into a plain one and a mark.
  ...pairs('əıßæøœđłþð', 'a i ss ae o oe d l th d'),
};

function pairs(from: string, to: string): Record<string, string> {
  const written = to.split(' ');
  return Object.fromEntries([...from].map((letter, index) => [letter, written[index]?.replace('-', '') ?? '']));
}

/** Armenian, Georgian and Cyrillic words, and Latin ones with letters of their own, in plain Latin letters. */
export function transliterate(text: string): string {
  return [...text.normalize('NFC').toLowerCase().replaceAll('ու', 'u')]
    .map((letter) => letters[letter] ?? letter)
    .join('');
}
