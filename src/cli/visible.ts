/** But a tab and the end of a line. The last ones turn the direction of what follows (Unicode Standard Annex 9). */
const unseen = /(?!\r?\n|\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that does nothing to a terminal: control characters, which a relay’s answer or the name of a file may bring, stand
 * as `\u001b`. JSON has them only in strings, where that means the same: a document stays what it was.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
