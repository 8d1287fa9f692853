import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Arrival, ArrivalSource } from './arrival.ts';
import type { AppliedArrival, ArrivalStore, StoredArrival } from './arrival-store.ts';
import { classifyMail } from './classify-mail.ts';
import { readGenericEvent } from './generic-event.ts';
import { readSesEvent } from './ses-event.ts';

export interface BounceDeskOptions {
  readonly store: ArrivalStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each arrival once what follows from it is durable. */
  readonly onApplied?: (applied: AppliedArrival) => Promise<void>;
}

/** Where everything that comes back is taken in, and understood afterwards. */
export interface BounceDesk {
  /**
   * Keeps a message as it is; durable when it resolves, so that whoever brought it may forget it. The same bytes a second
   * time change nothing.
   */
  take(source: ArrivalSource, raw: Buffer, key?: string): Promise<'added' | 'known'>;
  /** Understands what is open, also what a process left that ended in between. Returns how many were done. */
  handleOpen(): Promise<number>;
}

/** What is kept of a message: reports put what matters first and quote what was sent after it. */
export const maxRawBytes = 1024 * 1024;

/** The same for the same message, piped in or read from a mailbox. */
export function mailKey(raw: Buffer): string {
  return `mail:${createHash('sha256').update(raw.subarray(0, maxRawBytes)).digest('hex')}`;
}

/** Counts up whenever more forms are understood: what is in quarantine is looked at again then. */
const readerVersion = 1;
const pageSize = 20;

export function createBounceDesk({ store, clock, log, onApplied }: BounceDeskOptions): BounceDesk {
  async function handle({ id, source, raw }: StoredArrival): Promise<boolean> {
    const arrival = await readArrival(source, raw);
    const applied = await store.apply(id, arrival, readerVersion, clock.now());
    if (applied === null) return false;
    if (applied.state === 'quarantined') {
      log.warn('problem', {
        message: `Arrival ${id} isn’t understood: ${applied.note} silkpost bounce --show ${id} prints it.`,
      });
    } else {
      log.info('arrival', { id, kind: arrival.kind, note: applied.note });
    }
    await onApplied?.(applied);
    return true;
  }

  async function handleAll(): Promise<number> {
    let done = 0;
    let after = 0;
    for (;;) {
      const page = await store.listOpen(readerVersion, after, pageSize);
      for (const stored of page) {
        after = stored.id;
        try {
          if (await handle(stored)) done += 1;
        } catch (error) {
          // It stays as it is and is tried again; those behind it needn't wait.
          log.error('problem', { message: `Arrival ${stored.id} couldn’t be handled: ${sentenceOf(error)}` });
        }
      }
      if (page.length < pageSize) return done;
    }
  }

  let handling: Promise<number> = Promise.resolve(0);
  return {
    take(source, raw, key) {
      return store.add({ source, key: key ?? mailKey(raw), raw: raw.subarray(0, maxRawBytes) }, clock.now());
    },
    handleOpen() {
      handling = handling.catch(() => 0).then(handleAll);
      return handling;
    },
  };
}

async function readArrival(source: ArrivalSource, raw: Buffer): Promise<Arrival> {
  switch (source) {
    case 'mail':
    case 'imap':
      return classifyMail(raw);
    case 'ses':
      return readSesEvent(raw.toString());
    case 'generic':
      return readGenericEvent(raw.toString());
    default:
      return source satisfies never;
  }
}
