import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { PublishedCatalog } from '../content/index.ts';
import {
  createLetterCarrier,
  createLetterComposer,
  createSendingGate,
  type PaceStore,
  type RelayTroubleStore,
  type Transport,
} from '../delivery/index.ts';
import { createLetterPress, type EditionStore, findLatestEdition, templatesVersion } from '../digest/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { createLetterStore, createSignUpStore, type Database } from '../storage/index.ts';
import {
  createLetterDesk,
  domainOf,
  isReservedDomain,
  type Keys,
  type LetterDesk,
  type SignUpStore,
} from '../subscribers/index.ts';
import type { MailOptions } from './mail-options.ts';

export interface LetterRoomParts {
  readonly config: Config;
  readonly database: Database;
  readonly keys: Keys;
  readonly mailOptions: MailOptions;
  readonly transport: Transport;
  readonly paces: PaceStore;
  readonly troubles: Pick<RelayTroubleStore, 'noteClosure'>;
  readonly editions: EditionStore;
  readonly published: () => PublishedCatalog;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where letters to single readers are handed in, and from where they leave. */
export interface LetterRoom {
  readonly desk: LetterDesk;
  /** People who ask for newsletters by themselves. */
  readonly signUps: SignUpStore;
  /** Looks at once for what was taken in, where this process sends. */
  wake(): void;
  /** Looks at sign-ups, and sends what is due until nothing is or `stop` aborts. Never rejects. */
  sendDue(stop: AbortSignal): Promise<void>;
  /** Sends what is due, by whichever process it was handed in, in the background until stopped. */
  start(): { stop(): Promise<void> };
}

/** Between two looks for letters that another process has taken in. */
const lookEveryMs = 1000;

export function createLetterRoom(parts: LetterRoomParts): LetterRoom {
  const { config, transport, troubles, clock, log } = parts;
  const { site, mail, paths } = config;
  const store = createLetterStore(parts.database, parts.keys);
  const signUps = createSignUpStore(parts.database, parts.keys);
  const press = createLetterPress();
  let wake = new AbortController();
  const compose = createLetterComposer({
    ...parts.mailOptions,
    findLatest: (newsletters, lists, lang) =>
      findLatestEdition({ ...config, editions: parts.editions, published: parts.published }, newsletters, lists, lang),
    templatesDir: paths.templates,
    render: press.render,
    version: () => templatesVersion(paths.templates),
  });
  const gate = createSendingGate({
    relay: transport.name,
    store: parts.paces,
    // The outbox is no relay that could be asked too much.
    perSecond: mail.relay === null ? null : mail.ratePerSecond,
    perDomain: mail.relay === null ? new Map() : mail.perDomain,
    isForSingle: true,
  });
  const carrier = createLetterCarrier({ queue: store, transport, gate, compose, refusal, onClosed, clock, log });

  function onClosed(domain: string, _until: string, reply: string): void {
    troubles.noteClosure(transport.name, domain, reply).catch((error: unknown) => {
      log.error('problem', { message: `What ${domain} said couldn’t be kept: ${sentenceOf(error)}` });
    });
  }

  function refusal(address: string): string | null {
    if (mail.relay === null || mail.relay.loopback) return null;
    if (isReservedDomain(domainOf(address))) return 'Nobody can receive mail at this domain.';
    // As an edition would be held: its links could be read and changed on the way.
    return site.url.startsWith('https://') ? null : 'publication.url isn’t https.';
  }

  async function sendDue(stop: AbortSignal): Promise<void> {
    try {
      await signUps.settleSignUps(clock.now());
    } catch (error) {
      log.error('problem', { message: `Sign-ups can’t be looked at: ${sentenceOf(error)}` });
    }
    await carrier.sendDue(stop);
    // mjml's memory goes with its thread.
    await press.rest();
  }

  return {
    desk: createLetterDesk(store, clock, () => wake.abort()),
    signUps,
    wake: () => wake.abort(),
    sendDue,
    start() {
      const stopping = new AbortController();
      const running = (async () => {
        while (!stopping.signal.aborted) {
          wake = new AbortController();
          await sendDue(stopping.signal);
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
