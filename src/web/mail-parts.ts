/** A mail of our own outbox, taken apart for a person to look at. */
export interface MailParts {
  readonly subject: string;
  readonly to: string;
  /** Empty where the mail has no such part. */
  readonly html: string;
  readonly text: string;
  /** Decoded, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The whole message as it stands on disk. */
  readonly source: string;
}

interface Entity {
  /** As they stand, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The first of each name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * Takes a message apart (RFC 5322, RFC 2045–2047) as far as Silkpost writes them: nested multiparts, quoted-printable
 * and base64 in UTF-8. What it doesn't understand comes out as it stands.
 */
export function parseMail(message: Buffer): MailParts {
  // One character for each octet, so that lengths and boundaries stay true until a part is decoded.
  const octets = message.toString('latin1');
  const root = parseEntity(octets);
  const leaves = leavesOf(root, 0);
  const textOf = (type: string): string => {
    const found = leaves.find((leaf) => mediaType(leaf).startsWith(type));
    return found ? decodeBody(found) : '';
  };
  return {
    subject: decodeWords(root.headers.get('subject') ?? ''),
    to: decodeWords(root.headers.get('to') ?? ''),
    html: textOf('text/html'),
    text: textOf('text/plain'),
    headers: root.fields.map(([name, value]) => [name, decodeWords(value)]),
    source: message.toString('utf8'),
  };
}

function parseEntity(octets: string): Entity {
  const end = /\r?\n\r?\n/.exec(octets);
  const head = end ? octets.slice(0, end.index) : octets;
  const fields: [string, string][] = [];
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  const headers = new Map(fields.toReversed().map(([name, value]) => [name.toLowerCase(), value]));
  return { fields, headers, body: end ? octets.slice(end.index + end[0].length) : '' };
}

function leavesOf(entity: Entity, depth: number): readonly Entity[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(entity.headers.get('content-type') ?? '')?.[1];
  if (!mediaType(entity).startsWith('multipart/') || boundary === undefined || depth > 4) return [entity];
  const parts = `\r\n${entity.body}`.split(`\n--${boundary}`).slice(1);
  return parts
    .filter((part) => !part.startsWith('--'))
    .flatMap((part) => leavesOf(parseEntity(part.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, '')), depth + 1));
}

function mediaType(entity: Entity): string {
  return (entity.headers.get('content-type') ?? 'text/plain').toLowerCase();
}

function decodeBody(entity: Entity): string {
  switch ((entity.headers.get('content-transfer-encoding') ?? '').toLowerCase()) {
    case 'quoted-printable':
      return utf8(quotedPrintable(entity.body.replace(/=[ \t]*\r?\n/g, '')));
    case 'base64':
      return Buffer.from(entity.body, 'base64').toString('utf8');
    default:
      return utf8(entity.body);
  }
}

/** Encoded words of a header (RFC 2047); blanks between two of them don't count. */
function decodeWords(header: string): string {
  const decoded = header
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_word, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('latin1')
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
  return utf8(decoded);
}

function quotedPrintable(text: string): string {
  return text.replace(/=([0-9A-Fa-f]{2})/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function utf8(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8');
}
