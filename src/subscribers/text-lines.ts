import { TextDecoder } from 'node:util';
import { AppError } from '../errors.ts';

/** A line of a file, counted from 1. */
export interface TextLine {
  readonly number: number;
  /** Without its end; null where it is longer than 256 KB. */
  readonly text: string | null;
}

const longestLine = 256 * 1024;
const sampleBytes = 512;

/**
 * Lines of a text file in batches as it comes in: UTF-8 or UTF-16, by its byte order mark or by where its zero bytes
 * stand; LF, CRLF and CR end one. Memory is constant, however long a line is.
 *
 * @throws AppError `invalid` for what isn’t text, such as a spreadsheet’s own file.
 */
export async function* readTextLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<TextLine[]> {
  let rest = '';
  let number = 0;
  let isTooLong = false;
  const lineOf = (text: string): TextLine => {
    number += 1;
    const line = { number, text: isTooLong || text.length > longestLine ? null : text };
    isTooLong = false;
    return line;
  };
  for await (const text of decoded(input)) {
    rest += text;
    // A CR at the chunk's end may be half of a CRLF.
    const half = rest.endsWith('\r') ? '\r' : '';
    const texts = rest.slice(0, rest.length - half.length).split(/\r\n|\n|\r/);
    rest = (texts.pop() ?? '') + half;
    yield texts.map(lineOf);
    if (rest.length > longestLine) {
      isTooLong = true;
      rest = half;
    }
  }
  yield rest.split(/\r\n|\n|\r/).map(lineOf);
}

async function* decoded(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let isFirst = true;
  for await (const chunk of gathered(input)) {
    if (typeof chunk === 'string') {
      yield isFirst && chunk.startsWith('\ufeff') ? chunk.slice(1) : chunk;
    } else {
      decoder ??= new TextDecoder(encodingOf(chunk)); // takes the byte order mark off
      yield decoder.decode(chunk, { stream: true });
    }
    isFirst = false;
  }
  if (decoder) yield decoder.decode();
}

/** The same bytes, with enough of them in the first chunk to tell the encoding. */
async function* gathered(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  let first: Buffer | null = Buffer.alloc(0);
  for await (const chunk of input) {
    if (first === null || typeof chunk === 'string') {
      yield chunk;
      continue;
    }
    first = Buffer.concat([first, chunk]);
    if (first.length < sampleBytes) continue;
    yield first;
    first = null;
  }
  if (first !== null && first.length > 0) yield first;
}

const foreign: readonly { readonly starts: readonly number[]; readonly what: string }[] = [
  { starts: [0x50, 0x4b, 0x03, 0x04], what: 'a spreadsheet or a ZIP file' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old spreadsheet' },
  { starts: [0x1f, 0x8b], what: 'compressed' },
  { starts: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
];

function encodingOf(sample: Uint8Array): string {
  const kind = foreign.find(({ starts }) => starts.every((byte, index) => sample[index] === byte));
  if (kind) {
    throw new AppError(
      'invalid',
      `The file is ${kind.what}, not CSV. Unpack it, or save it as “CSV UTF-8”, and import that.`,
    );
  }
  const [a, b] = sample;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [index, byte] of sample.subarray(0, sampleBytes).entries())
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = Math.min(sample.length, sampleBytes) / 8;
  if (odd > many && even === 0) return 'utf-16le';
  if (even > many && odd === 0) return 'utf-16be';
  return 'utf-8';
}
