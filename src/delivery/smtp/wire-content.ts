import { isAscii } from 'node:buffer';
import type { MessageBytes } from '../transport.ts';

/** A message as it goes over the wire, without the final dot. */
export interface WireContent {
  /** Dots at the start of a line are doubled (RFC 5321 §4.5.2), and the last line is ended. */
  readonly chunks: readonly Buffer[];
  /** Without the added dots, for SIZE. */
  readonly bytes: number;
  readonly isAscii: boolean;
}

/** So much is written at a time, and no chunk is longer: an answer in the middle keeps a long message's final dot back. */
export const sliceBytes = 256 * 1024;

interface Finding {
  readonly isAscii: boolean;
  readonly hasDots: boolean;
}

const dot = Buffer.from('.');
const lineEnd = Buffer.from('\r\n');
const lf = 10;
const period = 46;
/** Looking at less takes no longer than remembering it. */
const shortBytes = 1024;

/**
 * Makes contents fit for the wire. Silkpost's own mails have no dot at the start of a line, so their buffers go out as
 * they are; what a large one holds is remembered, since the next message shares it.
 */
export function createWireContents(): (message: MessageBytes) => WireContent {
  const findings = new WeakMap<Buffer, Finding>();

  function look(chunk: Buffer): Finding {
    const known = findings.get(chunk);
    if (known) return known;
    const finding = { isAscii: isAscii(chunk), hasDots: chunk.indexOf('\n.', 0, 'latin1') >= 0 };
    if (chunk.length >= shortBytes) findings.set(chunk, finding);
    return finding;
  }

  return (message) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let allAscii = true;
    let last = lf;
    for (const chunk of message) {
      if (chunk.length === 0) continue;
      const { isAscii, hasDots } = look(chunk);
      allAscii &&= isAscii;
      bytes += chunk.length;
      if (last === lf && chunk[0] === period) chunks.push(dot);
      const whole = hasDots ? stuffed(chunk) : chunk;
      if (whole.length <= sliceBytes) chunks.push(whole);
      else for (let at = 0; at < whole.length; at += sliceBytes) chunks.push(whole.subarray(at, at + sliceBytes));
      last = chunk[chunk.length - 1] ?? lf;
    }
    if (last !== lf) chunks.push(lineEnd);
    return { chunks, bytes, isAscii: allAscii };
  };
}

/** Doubles the dots that follow a line's end within the chunk. */
function stuffed(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replaceAll('\n.', '\n..'), 'latin1');
}
