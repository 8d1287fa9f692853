const shortest = 12;
const longest = 256;

/**
 * Why a new password won't do, as a sentence; null where it does. Length counts, and that it isn't what everybody can
 * guess; there are no rules about signs and digits (NIST SP 800-63B §3.1.1.2).
 *
 * @param known what everybody knows: the operator's name and address, the publication's titles.
 */
export function passwordFault(password: string, known: readonly string[]): string | null {
  const { length } = [...password];
  if (length < shortest)
    return `It needs at least ${shortest} characters; ${length === 1 ? 'this is 1' : `these are ${length}`}.`;
  if (length > longest) return `It may have at most ${longest} characters.`;
  if (new Set(password).size < 4) return 'It needs more than the same few characters again and again.';
  const guesses = known
    .flatMap((text) => [text, ...text.split('@')])
    .map(bare)
    .filter((guess) => guess !== '');
  if (guesses.includes(bare(password))) return 'It is a name that everybody knows. Take something that nobody does.';
  return null;
}

/** Without case, blanks and punctuation. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
