import { sentenceOf } from '../../errors.ts';
import { consoleHeaders } from './console-headers.ts';
import type { AnyRequest } from './console-request.ts';

/** One event: `name` is what `sse-swap` waits for, `text` usually markup. */
export type SendEvent = (name: string, text: string) => void;

/** After so long a browser comes again by itself, and it is looked at anew who it is. */
const longestMs = 5 * 60_000;

/**
 * Server-Sent Events (HTML Standard §9.2) for as long as `produce` runs.
 *
 * @param produce Ends soon after its signal: the client has gone, the server stops, or it has lasted long enough.
 *   What it throws ends the stream; the browser comes again.
 */
export function eventStream(
  request: AnyRequest,
  produce: (send: SendEvent, signal: AbortSignal) => Promise<void>,
): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([request.signal, gone.signal, AbortSignal.timeout(longestMs)]);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string): void => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const send: SendEvent = (name, text) => {
        const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
        write(`event: ${name}\n${lines.join('')}\n`);
      };
      // Headers leave with the first bytes.
      write(': open\n\n');
      void produce(send, signal)
        .catch((error: unknown) => write(`: ${sentenceOf(error).replace(/\s+/g, ' ')}\n\n`))
        .finally(() => {
          if (!gone.signal.aborted) controller.close();
        });
    },
    cancel() {
      gone.abort();
    },
  });
  const headers = { ...consoleHeaders, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}
