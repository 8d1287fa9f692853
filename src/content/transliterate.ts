/** What is in none of these is left as it is. */
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
  // Persian and Arabic leave short vowels out, so that this is a skeleton of the word; marks for them are said here.
  ...pairs(
    'اآأإبپتثجچحخدذرزژسشصضطظعغفقکكگلمنوؤهةیيىئ',
    'a a a e b p t s j ch h kh d z r z zh s sh s z t z - gh f gh k k g l m n v v h h i i a -',
  ),
  ...pairs('ءَُِّْٰ', '- a o e - - a'),
  ...pairs('۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩', '0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9'),
  // The joiner that parts a word's ending from it.
  ...pairs('\u200C\u200D', '- -'),
  // Latin letters that don't come apart into a plain one and a mark.
  ...pairs('əıßæøœđłþð', 'a i ss ae o oe d l th d'),
};

function pairs(from: string, to: string): Record<string, string> {
  const written = to.split(' ');
  return Object.fromEntries([...from].map((letter, index) => [letter, written[index]?.replace('-', '') ?? '']));
}

/** Armenian, Georgian, Cyrillic and Persian words, and Latin ones with letters of their own, in plain Latin letters. */
export function transliterate(text: string): string {
  const plain = text.normalize('NFC').toLowerCase().replaceAll('ու', 'u');
  return [...vowelsOf(plain)].map((letter) => letters[letter] ?? letter).join('');
}

/** Persian letters that are vowels or consonants by where they stand: at a word's beginning, or within it. */
function vowelsOf(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{M}])ای/gu, 'i')
    .replace(/(?<![\p{L}\p{M}])ی/gu, 'y')
    .replace(/(?<=[\p{L}\p{M}])و/gu, 'u');
}
