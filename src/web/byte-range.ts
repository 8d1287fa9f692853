import { type Conditions, parseHttpDate, wholeSeconds } from './http-conditions.ts';

/** Bytes from `start` to `end`, both counted from 0 and both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part that a GET asks for (RFC 9110 §14): null where all of it is sent, since no part was asked for, several were,
 * it isn't written as RFC 9110 wants it, or If-Range names other bytes; `unsatisfiable` where it lies past the end (416).
 *
 * @param validators The strong tag and the time of last change of the very bytes that ranges count in.
 * @param now Epoch milliseconds.
 */
export function readRange(
  conditions: Pick<Conditions, 'range' | 'ifRange'>,
  bytes: number,
  validators: { readonly etag: string; readonly lastModified: number | null },
  now: number,
): ByteRange | 'unsatisfiable' | null {
  const { range, ifRange } = conditions;
  if (range === undefined) return null;
  if (ifRange !== undefined && !isSame(ifRange, validators, now)) return null;
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(range) ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'unsatisfiable' : { start: bytes - length, end: bytes - 1 };
  }
  const [start, end] = [Number(first), last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)];
  if (last !== '' && Number(last) < start) return null;
  return start >= bytes ? 'unsatisfiable' : { start, end };
}

/** RFC 9110 §13.1.5: by strong comparison; a date counts where a second change in that second can be ruled out. */
function isSame(
  ifRange: string,
  { etag, lastModified }: { readonly etag: string; readonly lastModified: number | null },
  now: number,
): boolean {
  const date = parseHttpDate(ifRange.trim());
  if (date === null) return ifRange.trim() === etag;
  return lastModified !== null && wholeSeconds(lastModified) === date && now - date >= 1000;
}
