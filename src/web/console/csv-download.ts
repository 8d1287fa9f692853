import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { guardFormula } from '../../subscribers/index.ts';
import { consoleHeaders } from './console-headers.ts';

/**
 * CSV (RFC 4180, UTF-8, CRLF) to be saved. No cell is a formula to a spreadsheet.
 *
 * @param name of the file: letters, digits, hyphens and a dot.
 * @param rows with the header first.
 */
export function csvDownload(
  name: string,
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Response {
  async function* guarded(): AsyncGenerator<string[]> {
    for await (const row of rows) yield row.map(guardFormula);
  }
  const text = stringify({ record_delimiter: 'windows' });
  const source = Readable.from(guarded()).on('error', (error) => text.destroy(error));
  text.on('close', () => source.destroy());
  return csvResponse(name, source.pipe(text));
}

/** A file of CSV at the speed of whoever saves it; the stream is destroyed when they go away. */
export function csvResponse(name: string, stream: Readable): Response {
  const chunks = stream[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(Buffer.from(value));
    },
    cancel() {
      stream.destroy();
    },
  });
  const headers = {
    ...consoleHeaders,
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  };
  return new Response(body, { headers });
}
