import { createHash, sign as signWithKey } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { DkimKey } from './dkim-key.ts';
import { createRelaxedBody, relaxedHeader } from './relaxed-form.ts';
import { signedHeaders } from './signed-headers.ts';

/** Signs messages with every key that is configured. */
export interface DkimSigner {
  /**
   * The signatures' header lines, each ended by CRLF, to be put before the message's own.
   *
   * @param header The message's header lines, each ended by CRLF, without the blank line after them.
   * @param body What follows the blank line. No chunk ends between CR and LF.
   */
  sign(header: string, body: readonly Buffer[]): Promise<string>;
}

/** Signs relaxed/relaxed, RSA (RFC 6376) and Ed25519 (RFC 8463) alike: one hash of the body serves all keys. */
export function createDkimSigner(keys: readonly DkimKey[], clock: Clock): DkimSigner {
  const remembered: Parameters<typeof createRelaxedBody>[1] = new WeakMap();

  function hashBody(body: readonly Buffer[]): string {
    const hash = createHash('sha256');
    const relaxed = createRelaxedBody((bytes) => void hash.update(bytes), remembered);
    for (const chunk of body) relaxed.update(chunk);
    relaxed.end();
    return hash.digest('base64');
  }

  return {
    async sign(header, body) {
      const fields = fieldsByName(header);
      const bodyHash = hashBody(body);
      const at = Math.floor(Date.parse(clock.now()) / 1000);
      const signatures = await Promise.all(keys.map((key) => signOnce(key, fields, bodyHash, at)));
      return signatures.join('');
    },
  };
}

async function signOnce(
  key: DkimKey,
  fields: ReadonlyMap<string, readonly string[]>,
  bodyHash: string,
  at: number,
): Promise<string> {
  const names: string[] = [];
  let signed = '';
  for (const name of signedHeaders) {
    if (key.omit.includes(name)) continue;
    const own = fields.get(name.toLowerCase()) ?? [];
    names.push(name, ...own.map(() => name));
    // From the bottom up where a name stands several times (§5.4.2); the one that is missing adds nothing.
    signed += own
      .toReversed()
      .map((field) => `${field}\r\n`)
      .join('');
  }
  const unsigned = [
    `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed;`,
    ` d=${key.domain};`,
    ` s=${key.selector}; t=${at};`,
    ...foldNames(names),
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n');
  const signature = await signBytes(key, Buffer.from(signed + relaxedHeader(unsigned), 'latin1'));
  return `${unsigned}${signature.replace(/.{64}(?=.)/g, '$&\r\n ')}\r\n`;
}

/** RSA takes a fraction of a millisecond in the thread pool; Ed25519 is quicker than the way there and back. */
function signBytes({ algorithm, key }: DkimKey, bytes: Buffer): Promise<string> | string {
  // RFC 8463 §3: what Ed25519 signs is the hash.
  if (algorithm === 'ed25519-sha256') {
    return signWithKey(null, createHash('sha256').update(bytes).digest(), key).toString('base64');
  }
  return new Promise((resolve, reject) => {
    signWithKey('sha256', bytes, key, (error, signature) => {
      if (error) reject(error);
      else resolve(signature.toString('base64'));
    });
  });
}

/** The header's fields in relaxed form, by lower-case name, in their order. */
function fieldsByName(header: string): ReadonlyMap<string, readonly string[]> {
  const fields = header.split(/\r\n(?![ \t])/).filter((field) => field !== '');
  return Map.groupBy(fields.map(relaxedHeader), (field) => field.slice(0, field.indexOf(':')));
}

/** `h=From:From:…;` in lines of at most 78 characters. */
function foldNames(names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = ' h=';
  for (const [index, name] of names.entries()) {
    const piece = `${name}${index === names.length - 1 ? ';' : ':'}`;
    if (line.length + piece.length > 78) {
      lines.push(line);
      line = '  ';
    }
    line += piece;
  }
  return [...lines, line];
}
