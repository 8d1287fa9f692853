import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { Config } from './config/index.ts';
import { createLetterCarrier, createLetterComposer, type Transport } from './delivery/index.ts';
import { type LetterInput, openRenderThread, type Piece, templatesVersion } from './digest/index.ts';
import type { Log } from './log.ts';
import type { MailOptions } from './message-options.ts';
import { createLetterStore, type Database } from './storage/index.ts';
import { createLetterDesk, isReservedDomain, type Keys, type LetterDesk } from './subscribers/index.ts';

export interface LetterRoomParts {
  readonly config: Config;
  readonly database: Database;
  readonly keys: Keys;
  readonly mailOptions: MailOptions;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where letters to single readers are handed in, and from where they leave. */
export interface LetterRoom {
  readonly desk: LetterDesk;
  /** Sends what is due until nothing is or `stop` aborts. Never rejects. */
  sendDue(stop: AbortSignal): Promise<void>;
  /** Sends what is due, by whichever process it was handed in, in the background until stopped. */
  start(): { stop(): Promise<void> };
}

/** Between two looks for letters that another process has taken in. */
const lookEveryMs = 1000;

export function createLetterRoom(parts: LetterRoomParts): LetterRoom {
  const { config, transport, clock, log } = parts;
  const { site, mail, paths } = config;
  const store = createLetterStore(parts.database, parts.keys);
  let wake = new AbortController();
  const compose = createLetterComposer({
    ...parts.mailOptions,
    templatesDir: paths.templates,
    render: renderInThread,
    version: () => templatesVersion(paths.templates),
  });
  const carrier = createLetterCarrier({ store, transport, compose, refusal, clock, log });

  function refusal(address: string): string | null {
    if (mail.relay === null || mail.relay.loopback) return null;
    if (isReservedDomain(address.slice(address.lastIndexOf('@') + 1))) return 'Nobody can receive mail at this domain.';
    // As an edition would be held: its links could be read and changed on the way.
    return site.url.startsWith('https://') ? null : 'publication.url isn’t https.';
  }

  return {
    desk: createLetterDesk(store, clock, () => wake.abort()),
    sendDue: (stop) => carrier.sendDue(stop),
    start() {
      const stopping = new AbortController();
      const running = (async () => {
        while (!stopping.signal.aborted) {
          wake = new AbortController();
          await carrier.sendDue(stopping.signal);
          const either = AbortSignal.any([wake.signal, stopping.signal]);
          await pause(lookEveryMs, undefined, { signal: either }).catch(() => {});
        }
      })();
      return {
        stop() {
          stopping.abort();
          return running;
        },
      };
    },
  };
}

/** A thread for each rendering: kinds and languages are few, and mjml's memory goes with it. */
async function renderInThread(input: LetterInput): Promise<Piece> {
  const thread = openRenderThread();
  try {
    return await thread.renderLetter(input);
  } finally {
    await thread.close();
  }
}
