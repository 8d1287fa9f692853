/** Characters that stand for themselves. No dot, so that no line starts with one; no space, which mailers cut off. */
const isLiteral = /[A-Za-z0-9\-_/:?&;,#]/;
/** Where a line is broken softly; RFC 2045 §6.7 allows 76. */
const lineLength = 60;

/**
 * A value in strict quoted-printable, to be put at the start of a line: its lines all end in a soft break, so that the
 * text after it goes on at the start of a line. Empty for an empty value. A character's bytes are never split.
 */
export function encodeQuotedPrintable(value: string): string {
  let encoded = '';
  let column = 0;
  for (const character of value.toWellFormed()) {
    const piece = isLiteral.test(character)
      ? character
      : Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '=$&');
    if (column + piece.length > lineLength) {
      encoded += '=\r\n';
      column = 0;
    }
    encoded += piece;
    column += piece.length;
  }
  return encoded === '' ? '' : `${encoded}=\r\n`;
}
