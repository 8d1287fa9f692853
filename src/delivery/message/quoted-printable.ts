/** Characters that stand for themselves. No dot, so that no line starts with one; no space, which mailers cut off. */
const literals = /[A-Za-z0-9_/:?&;,#-]+/y;
/** Where a line is broken softly; RFC 2045 §6.7 allows 76. */
const lineLength = 60;
const softBreak = '=\r\n';

/**
 * A value in strict quoted-printable, to be put at the start of a line: its lines all end in a soft break, so that the
 * text after it goes on at the start of a line. Empty for an empty value. A character's bytes are never split.
 */
export function encodeQuotedPrintable(value: string): string {
  const text = value.toWellFormed();
  let encoded = '';
  let column = 0;
  for (let index = 0; index < text.length; ) {
    literals.lastIndex = index;
    const end = literals.test(text) ? literals.lastIndex : index;
    while (index < end) {
      if (column === lineLength) {
        encoded += softBreak;
        column = 0;
      }
      const part = text.slice(index, Math.min(end, index + lineLength - column));
      encoded += part;
      column += part.length;
      index += part.length;
    }
    if (index === text.length) break;
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const escaped = escapeBytes(character);
    if (column + escaped.length > lineLength) {
      encoded += softBreak;
      column = 0;
    }
    encoded += escaped;
    column += escaped.length;
    index += character.length;
  }
  return encoded === '' ? '' : encoded + softBreak;
}

/** Addresses are full of dots. */
const escapedDot = '=2E';

function escapeBytes(character: string): string {
  if (character === '.') return escapedDot;
  return Buffer.from(character).toString('hex').toUpperCase().replace(/../g, '=$&');
}
