import { AppError } from '../../errors.ts';

/** One answer of a server (RFC 5321 §4.2). */
export interface ServerReply {
  /** 200 to 599. */
  readonly code: number;
  /** All of its lines, codes included, joined by LF; what is beyond `keptChars` is left out. */
  readonly text: string;
}

/** More than this isn't an answer but a flood. */
const maxReplyBytes = 512 * 1024;
/** So much of an answer's text is kept: enough for any list of extensions. */
const keptChars = 16 * 1024;
const lf = 10;

/**
 * Puts answers together from what comes in, whole or a byte at a time. Lines may end in a bare LF. What is left of a line
 * waits in one buffer that is used again and again.
 */
export class ReplyParser {
  #scratch: Buffer = Buffer.allocUnsafe(1024);
  #heldBytes = 0;
  #replyBytes = 0;
  #code = 0;
  #text = '';

  /** Whether nothing of an unfinished answer is held. */
  get isIdle(): boolean {
    return this.#heldBytes === 0 && this.#replyBytes === 0;
  }

  /**
   * Takes a chunk, and tells of each answer that it completes.
   *
   * @throws AppError `unavailable` where that is no answer, or one of more than 512 KB.
   */
  push(chunk: Buffer, onReply: (reply: ServerReply) => void): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(lf, start);
      if (end < 0) break;
      let reply: ServerReply | null;
      if (this.#heldBytes === 0) {
        reply = this.#takeLine(chunk, start, end);
      } else {
        this.#hold(chunk, start, end + 1);
        const held = this.#heldBytes;
        this.#heldBytes = 0;
        reply = this.#takeLine(this.#scratch, 0, held - 1);
      }
      start = end + 1;
      if (reply !== null) onReply(reply);
    }
    if (start < chunk.length) this.#hold(chunk, start, chunk.length);
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    const needed = this.#heldBytes + end - start;
    this.#checkSize(needed);
    if (needed > this.#scratch.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#scratch.length * 2));
      this.#scratch.copy(larger, 0, 0, this.#heldBytes);
      this.#scratch = larger;
    }
    chunk.copy(this.#scratch, this.#heldBytes, start, end);
    this.#heldBytes = needed;
  }

  #checkSize(moreBytes: number): void {
    if (this.#replyBytes + moreBytes > maxReplyBytes) {
      throw new AppError('unavailable', 'The relay’s answer is longer than 512 KB.');
    }
  }

  /** A line from `start` up to its LF at `end`; the answer that it ends, or null. */
  #takeLine(bytes: Buffer, start: number, end: number): ServerReply | null {
    const length = (bytes[end - 1] === 13 && end > start ? end - 1 : end) - start;
    this.#checkSize(length);
    const code = codeAt(bytes, start, length);
    const isFirst = this.#replyBytes === 0;
    if (code === 0 || (!isFirst && code !== this.#code)) {
      const shown = bytes.toString('latin1', start, start + Math.min(length, 60)).replace(/[^\x20-\x7e]/g, '?');
      const what = code === 0 ? 'is none' : 'has another code than its first line';
      throw new AppError('unavailable', `The relay’s answer ${what}: “${shown}”.`);
    }
    this.#code = code;
    this.#replyBytes += length;
    if (this.#text.length < keptChars) {
      const line = bytes.toString('utf8', start, start + Math.min(length, keptChars));
      this.#text = isFirst ? line : `${this.#text}\n${line}`;
    }
    if (length > 3 && bytes[start + 3] === 45) return null;
    const reply = { code, text: this.#text };
    this.#replyBytes = 0;
    this.#text = '';
    return reply;
  }
}

/** The code that a line begins with, followed by a space, a hyphen or nothing; 0 where there is none. */
function codeAt(bytes: Buffer, start: number, length: number): number {
  if (length < 3) return 0;
  const separator = length === 3 ? 32 : bytes[start + 3];
  if (separator !== 32 && separator !== 45) return 0;
  const [a, b, c] = [digitAt(bytes, start), digitAt(bytes, start + 1), digitAt(bytes, start + 2)];
  return a < 2 || a > 5 || b < 0 || c < 0 ? 0 : a * 100 + b * 10 + c;
}

function digitAt(bytes: Buffer, index: number): number {
  const digit = (bytes[index] ?? 0) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
