import { AppError } from '../errors.ts';

/** The one file of a form. */
export interface PostedFile {
  /** As the browser calls it; anything may be in it. Empty where no file was chosen. */
  readonly name: string;
  /**
   * Its bytes as they come. Whoever reads them gets an AppError `invalid` where the body ends too early or holds more than
   * one part.
   */
  readonly bytes: AsyncIterable<Buffer>;
}

const longestHead = 8 * 1024;

/**
 * Reads a form of which a file is the only field (RFC 7578), in constant memory and however its bytes are cut.
 *
 * @param contentType the request's header.
 * @throws AppError `invalid` for what isn't such a form.
 */
export async function readPostedFile(body: AsyncIterable<Uint8Array>, contentType: string): Promise<PostedFile> {
  const boundary = boundaryOf(contentType);
  if (boundary === null) throw new AppError('invalid', 'Choose a file in the form; nothing was sent that holds one.');
  const chunks = body[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<void> => {
    const next = await chunks.next();
    if (next.done) throw new AppError('invalid', 'The file didn’t arrive whole. Send it again.');
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
  };
  const opening = Buffer.from(`--${boundary}\r\n`, 'latin1');
  const closing = Buffer.from(`\r\n--${boundary}`, 'latin1');

  async function readHead(): Promise<string> {
    while (held.length < opening.length) await more();
    if (!held.subarray(0, opening.length).equals(opening)) throw notOneFile();
    for (;;) {
      const end = held.indexOf('\r\n\r\n', opening.length - 2);
      if (end >= 0) {
        const head = held.subarray(opening.length, end).toString('utf8');
        held = held.subarray(end + 4);
        return head;
      }
      if (held.length > longestHead) throw notOneFile();
      await more();
    }
  }

  async function* readBytes(): AsyncGenerator<Buffer> {
    for (;;) {
      const at = held.indexOf(closing);
      const sure = at >= 0 ? at : held.length - closing.length + 1;
      if (sure > 0) {
        yield held.subarray(0, sure);
        held = held.subarray(sure);
      }
      if (at >= 0) break;
      await more();
    }
    while (held.length < closing.length + 2) await more();
    if (held.toString('latin1', closing.length, closing.length + 2) !== '--') throw notOneFile();
  }

  return { name: fileNameOf(await readHead()), bytes: readBytes() };
}

function notOneFile(): AppError {
  return new AppError('invalid', 'The form has to hold one file and nothing else. Send it from the page here.');
}

/** RFC 2046 §5.1.1; null for another type. */
function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? plain ?? null;
}

/** Browsers write a quote and line ends of a name percent-encoded (HTML Standard, multipart form data), all else in UTF-8. */
function fileNameOf(head: string): string {
  const disposition = head.split('\r\n').find((line) => /^content-disposition\s*:/i.test(line)) ?? '';
  const [, name] = /;\s*filename="([^"\r\n]*)"/i.exec(disposition) ?? [];
  if (name === undefined) throw notOneFile();
  return name.replace(/%(22|0d|0a)/gi, (_, code: string) => (code === '22' ? '"' : ' '));
}
