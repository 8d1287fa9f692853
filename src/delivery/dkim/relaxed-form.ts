/** The relaxed canonical forms of RFC 6376 §3.4.2 and §3.4.4. Pure. */

/** One header field, its lines folded or not, without the CRLF that ends it. */
export function relaxedHeader(field: string): string {
  const colon = field.indexOf(':');
  const name = field.slice(0, colon).trimEnd().toLowerCase();
  const value = field
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
  return `${name}:${value}`;
}

/** A stretch of a body in its relaxed form, and what has to be known where another one follows. */
interface RelaxedChunk {
  /** Line ends before `core`. */
  readonly breaksBefore: number;
  /** Empty, or from the first to the last byte that is no blank or line end; a run of blanks before it is one space. */
  readonly core: Buffer;
  /** Line ends after `core`. */
  readonly breaksAfter: number;
  /** Whether it ends in blanks: they count where the next chunk goes on with the line. */
  readonly endsBlank: boolean;
}

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const lineEnd = Buffer.from('\r\n');
const space = Buffer.from(' ');

/** Chunks from this size on are remembered: they are a stencil's, the same for every reader. */
const leastRemembered = 1024;

/** Makes a body's relaxed form while it comes. A chunk may end anywhere but between CR and LF. */
export interface RelaxedBody {
  update(chunk: Buffer): void;
  /** The line end of a body that isn't empty. */
  end(): void;
}

/** @param remembered Forms of large chunks by their buffer, kept as long as the buffer is. */
export function createRelaxedBody(
  write: (bytes: Buffer) => void,
  remembered: WeakMap<Buffer, RelaxedChunk> = new WeakMap(),
): RelaxedBody {
  let breaks = 0;
  let isBlank = false;
  let isEmpty = true;

  const relaxed = (chunk: Buffer): RelaxedChunk => {
    if (chunk.length < leastRemembered) return relaxedChunk(chunk);
    const known = remembered.get(chunk);
    if (known) return known;
    const made = relaxedChunk(chunk);
    remembered.set(chunk, made);
    return made;
  };

  return {
    update(chunk) {
      const { breaksBefore, core, breaksAfter, endsBlank } = relaxed(chunk);
      breaks += breaksBefore;
      if (breaksBefore > 0) isBlank = false;
      if (core.length > 0) {
        // Empty lines count only once something follows them; so do blanks.
        for (; breaks > 0; breaks -= 1) write(lineEnd);
        if (isBlank && core[0] !== blank) write(space);
        write(core);
        isEmpty = false;
        breaks = breaksAfter;
        isBlank = false;
      }
      isBlank ||= endsBlank;
    },
    end() {
      if (!isEmpty) write(lineEnd);
    },
  };
}

function relaxedChunk(chunk: Buffer): RelaxedChunk {
  const out = Buffer.allocUnsafe(chunk.length);
  let length = 0;
  let breaksBefore = 0;
  let breaks = 0;
  let isBlank = false;
  for (let index = 0; index < chunk.length; index += 1) {
    const byte = chunk[index] ?? 0;
    if (byte === blank || byte === tab) {
      isBlank = true;
    } else if (byte === carriageReturn && chunk[index + 1] === lineFeed) {
      index += 1;
      breaks += 1;
      isBlank = false;
    } else {
      if (length === 0) breaksBefore = breaks;
      else for (; breaks > 0; breaks -= 1) length += lineEnd.copy(out, length);
      breaks = 0;
      if (isBlank) out[length++] = blank;
      isBlank = false;
      out[length++] = byte;
    }
  }
  if (length === 0) return { breaksBefore: breaks, core: out.subarray(0, 0), breaksAfter: 0, endsBlank: isBlank };
  const own = chunk.subarray(2 * breaksBefore, 2 * breaksBefore + length);
  // Where nothing had to change, the chunk's own bytes do.
  const core = own.equals(out.subarray(0, length)) ? own : Buffer.from(out.subarray(0, length));
  return { breaksBefore, core, breaksAfter: breaks, endsBlank: isBlank };
}
