import { createHash } from 'node:crypto';
import type { HubAnswer } from './websub.ts';

/** The two requests of a WebSub publisher. Neither ever throws. */
export interface HubClient {
  /** Whether a GET of the URL gives the bytes with this entity tag, as a hub's would. */
  shows(selfUrl: string, etag: string, stop: AbortSignal): Promise<boolean>;
  /** Asks the hub to fetch the URL. */
  publish(hub: string, selfUrl: string, stop: AbortSignal): Promise<HubAnswer>;
}

const timeoutMs = 8_000;
/** More than any feed has; readers stop at a quarter of it. */
const maxBodyBytes = 64 * 1024 * 1024;
/** What is kept of a hub's answer. */
const maxAnswerBytes = 300;
const headers = { 'user-agent': 'Silkpost' };

/** Over HTTP, without following redirects. URLs of `silkpost.yaml` are trusted: they may be private. */
export function createHubClient(): HubClient {
  return {
    async shows(selfUrl, etag, stop) {
      try {
        // A plain GET: whatever cache stands between shows the hub the same.
        const answer = await fetch(selfUrl, { headers, redirect: 'manual', signal: within(stop) });
        if (answer.status !== 200) {
          await answer.body?.cancel();
          return false;
        }
        const hash = createHash('sha256');
        for await (const chunk of upTo(answer.body, maxBodyBytes)) hash.update(chunk);
        return `"${hash.digest('hex')}"` === etag;
      } catch {
        return false;
      }
    },

    async publish(hub, selfUrl, stop) {
      try {
        const answer = await fetch(hub, {
          method: 'POST',
          headers,
          // Google's, Superfeedr's and switchboard's hubs all take hub.url; WebSub leaves the form of a ping to them.
          body: new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': selfUrl }),
          redirect: 'manual',
          signal: within(stop),
        });
        const location = answer.headers.get('location');
        const said = await readStart(answer.body);
        return {
          kind: 'answered',
          status: answer.status,
          retryAfterMs: parseRetryAfter(answer.headers.get('retry-after'), Date.now()),
          text: location === null ? said : `it has moved to ${clean(location)}`,
        };
      } catch (error) {
        return { kind: 'unreachable', reason: reasonOf(error) };
      }
    },
  };
}

/** RFC 9110 §10.2.3: seconds or a date. Milliseconds from `nowMs`; null for anything else. */
export function parseRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

function within(stop: AbortSignal): AbortSignal {
  return AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
}

async function* upTo(body: ReadableStream<Uint8Array> | null, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    yield chunk;
    if (bytes > most) return; // leaving the loop cancels the rest
  }
}

async function readStart(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of upTo(body, maxAnswerBytes)) chunks.push(chunk);
  return clean(Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString());
}

/** What another server wrote, fit for a log. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

/** fetch says “fetch failed”; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it doesn’t answer within ${timeoutMs / 1000} seconds`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
