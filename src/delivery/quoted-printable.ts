/** Characters that stand for themselves. No dot, so that no line starts with one; no space, which mailers cut off. */
const literals = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/:?&;,#'));
/** What each byte is written as. */
const written = Array.from({ length: 256 }, (_, byte) =>
  literals.has(byte) ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);
/** Where a line is broken softly; RFC 2045 §6.7 allows 76. */
const lineLength = 60;

/**
 * A value in strict quoted-printable, to be put at the start of a line: its lines all end in a soft break, so that the
 * text after it goes on at the start of a line. Empty for an empty value. A character's bytes are never split.
 */
export function encodeQuotedPrintable(value: string): string {
  const bytes = Buffer.from(value.toWellFormed());
  let encoded = '';
  let column = 0;
  for (let index = 0; index < bytes.length; ) {
    let piece = written[bytes[index] ?? 0] ?? '';
    index += 1;
    // The bytes that go on with a character: 10xxxxxx.
    for (; ((bytes[index] ?? 0) & 0xc0) === 0x80; index++) piece += written[bytes[index] ?? 0] ?? '';
    if (column + piece.length > lineLength) {
      encoded += '=\r\n';
      column = 0;
    }
    encoded += piece;
    column += piece.length;
  }
  return encoded === '' ? '' : `${encoded}=\r\n`;
}
