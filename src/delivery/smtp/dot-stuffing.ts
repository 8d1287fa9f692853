const dot = Buffer.from('.');

/**
 * The content as it goes over the wire: a dot at the start of a line is doubled (RFC 5321 §4.5.2). Silkpost's own mails
 * have none there, so this is the same buffer.
 */
export function stuffDots(content: Buffer): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  let at = content[0] === 46 ? 0 : dotAfter(content, 0);
  while (at >= 0) {
    parts.push(content.subarray(start, at), dot);
    start = at;
    at = dotAfter(content, at);
  }
  return parts.length === 0 ? content : Buffer.concat([...parts, content.subarray(start)]);
}

/** Where the next line begins with a dot; -1: nowhere. */
function dotAfter(content: Buffer, from: number): number {
  const at = content.indexOf('\r\n.', from, 'latin1');
  return at < 0 ? -1 : at + 2;
}
