/** Codings that bytes are sent in besides their plain form. */
export type Coding = 'br' | 'gzip';

/** The bytes in a coding: a promise while they are being made, null where that coding isn't offered. */
export type Encoded = (coding: Coding) => Buffer | Promise<Buffer> | null;

/** The one chosen for an answer; null is the plain form. */
export type Chosen =
  | { readonly coding: Coding; readonly body: Buffer }
  | { readonly coding: 'gzip'; readonly body: Promise<Buffer> }
  | null;

/** The smaller one first: it wins where a client likes both equally. */
const offered: readonly Coding[] = ['br', 'gzip'];

/**
 * The codings that a client prefers to plain bytes, best first (RFC 9110 §12.5.3): each by its own q-value, else by
 * that of `*`; of equals ours first. No header means none.
 */
export function acceptedCodings(acceptEncoding: string | undefined): readonly Coding[] {
  if (acceptEncoding === undefined) return [];
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const coding = name === 'x-gzip' ? 'gzip' : name;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    if (!weights.has(coding)) weights.set(coding, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const plain = weightOf('identity');
  return offered
    .filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= plain)
    .sort((a, b) => weightOf(b) - weightOf(a));
}

/**
 * The best bytes that can be sent now. Brotli is never waited for, since it takes as long as many answers; gzip is,
 * since it takes about as long as sending the plain bytes instead.
 */
export function chooseEncoded(codings: readonly Coding[], encoded: Encoded): Chosen {
  for (const coding of codings) {
    const body = encoded(coding);
    if (body === null) continue;
    if (!(body instanceof Promise)) return { coding, body };
    if (coding === 'gzip') return { coding, body };
    body.catch(() => undefined); // whoever makes it reports that; until then another coding is sent
  }
  return null;
}

/** The tag of the same bytes in a coding: `"abc"` → `"abc-gzip"` (strong tags differ for each, RFC 9110 §8.8.3.3). */
export function codingTag(etag: string, coding: Coding): string {
  return etag.replace(/"$/, `-${coding}"`);
}

/** All tags of the same bytes: in their plain form and in each coding. */
export function allTags(etag: string): readonly string[] {
  return [etag, ...offered.map((coding) => codingTag(etag, coding))];
}
