import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { AppError } from '../../errors.ts';
import { connectionFault } from '../relay/connection-fault.ts';
import type { ArrivalStore } from './arrival-store.ts';
import { type BounceDesk, mailKey, maxRawBytes } from './bounce-desk.ts';
import type { MailboxOptions } from './mailbox-url.ts';

/**
 * Told each time that a mailbox can't be read, or that messages can't be moved, with a sentence.
 *
 * @param inARow from 1, the first look after one at which all was well.
 */
export type MailboxTrouble = (sentence: string, inARow: number) => void;

export interface MailboxReading {
  readonly mailbox: MailboxOptions;
  readonly desk: BounceDesk;
  readonly arrivals: Pick<ArrivalStore, 'findKind' | 'findPosition' | 'savePosition'>;
  readonly onTrouble: MailboxTrouble;
  /** After the first failure; doubles up to five minutes. Default 5 s. */
  readonly retryMs?: number;
}

/** Messages at a time: a megabyte each at most. */
const chunkSize = 20;
const mostRetryMs = 300_000;

/**
 * Reads a mailbox until the signal: whatever arrives is kept in the database, then moved away; what people wrote stays
 * where it is, unseen. A message leaves its folder only after the commit, so that an end at any point loses nothing, and
 * what is read twice is known by its bytes.
 */
export async function watchMailbox(reading: MailboxReading, signal: AbortSignal): Promise<void> {
  const { retryMs = 5000, mailbox, onTrouble } = reading;
  let failures = 0;
  const stuck = createStuck();
  while (!signal.aborted) {
    try {
      await readUntilClosed(reading, stuck, signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onTrouble(sentenceAbout(mailbox, error), failures);
    }
    const waitMs = Math.min(mostRetryMs, retryMs * 2 ** Math.max(0, failures - 1));
    if (!signal.aborted) await pause(waitMs, undefined, { signal }).catch(() => {});
  }
}

/**
 * The same once: what is there now.
 *
 * @throws AppError `unavailable` where it can't be read, or messages can't be moved.
 */
export async function readMailbox(
  reading: Pick<MailboxReading, 'mailbox' | 'desk' | 'arrivals'>,
  signal: AbortSignal,
): Promise<void> {
  const stuck = createStuck();
  try {
    await inFolder(reading.mailbox, signal, (client) => readNew(client, reading, stuck));
  } catch (error) {
    if (!signal.aborted) throw new AppError('unavailable', sentenceAbout(reading.mailbox, error), { cause: error });
  }
  if (stuck.uids.size > 0) throw new AppError('unavailable', sentenceAboutStuck(reading.mailbox, stuck));
}

async function readUntilClosed(
  reading: MailboxReading,
  stuck: Stuck,
  signal: AbortSignal,
  onRead: () => void,
): Promise<void> {
  const news = createBell();
  await inFolder(reading.mailbox, signal, async (client) => {
    client.on('exists', news.ring);
    client.on('close', news.ring);
    while (client.usable && !signal.aborted) {
      await readNew(client, reading, stuck);
      stuck.inARow = stuck.uids.size > 0 ? stuck.inARow + 1 : 0;
      if (stuck.inARow > 0) reading.onTrouble(sentenceAboutStuck(reading.mailbox, stuck), stuck.inARow);
      onRead();
      // A server with IDLE rings; the others are asked.
      await news.wait(reading.mailbox.pollMs);
    }
    if (!signal.aborted) throw new AppError('unavailable', 'it has closed the connection');
  });
}

async function inFolder(
  mailbox: MailboxOptions,
  signal: AbortSignal,
  work: (client: ImapFlow) => Promise<void>,
): Promise<void> {
  const client = await connection(mailbox);
  signal.throwIfAborted();
  const close = (): void => client.close();
  client.on('error', () => {}); // the command that waits is told
  signal.addEventListener('abort', close, { once: true });
  try {
    await client.connect();
    // It is there after the first time, which not every server says by a code; where it can’t be made, moving says so.
    await client.mailboxCreate(mailbox.handled).catch(() => {});
    await client.mailboxOpen(mailbox.folder);
    await work(client);
  } finally {
    signal.removeEventListener('abort', close);
    client.close();
  }
}

async function connection({ server }: MailboxOptions): Promise<ImapFlow> {
  // Loaded with the first mailbox: few have one.
  const { ImapFlow } = await import('imapflow');
  return new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    // Never in clear off this machine, whatever the server offers (or somebody lets it offer).
    doSTARTTLS: server.tls === 'starttls',
    auth: { user: server.user, pass: server.password },
    tls: { rejectUnauthorized: true, ...(server.caFile === null ? {} : { ca: readFileSync(server.caFile) }) },
    logger: false,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
  });
}

async function readNew(
  client: ImapFlow,
  { desk, arrivals, mailbox }: Pick<MailboxReading, 'mailbox' | 'desk' | 'arrivals'>,
  stuck: Stuck,
): Promise<void> {
  const { server, folder, handled } = mailbox;
  const name = `${server.name}/${server.user}/${folder}`;
  const uidValidity = String(client.mailbox ? client.mailbox.uidValidity : '');
  const position = await arrivals.findPosition(name);
  if (stuck.uidValidity !== uidValidity) Object.assign(stuck, { uidValidity, uids: new Set(), readTo: 0 });
  const last = Math.max(stuck.readTo, position?.uidValidity === uidValidity ? position.uid : 0);
  const retried = await move(client, [...stuck.uids], handled);
  stuck.uids = new Set(retried);
  const uids: number[] = [];
  for await (const { uid } of client.fetch(`${last + 1}:*`, { uid: true }, { uid: true })) {
    // “N:*” means the newest one even where that is older.
    if (uid > last) uids.push(uid);
  }
  for (let start = 0; start < uids.length; start += chunkSize) {
    const chunk = uids.slice(start, start + chunkSize);
    const keys = new Map<number, string>();
    const query = { uid: true, source: { maxLength: maxRawBytes } };
    for await (const { uid, source } of client.fetch(chunk.join(','), query, { uid: true })) {
      if (source === undefined) continue;
      await desk.take('imap', source);
      keys.set(uid, mailKey(source));
    }
    await desk.handleOpen();
    const done: number[] = [];
    for (const [uid, key] of keys) if ((await arrivals.findKind(key)) !== 'reply') done.push(uid);
    // They are in the database: those behind them needn't wait.
    for (const uid of await move(client, done, handled)) stuck.uids.add(uid);
    stuck.readTo = chunk.at(-1) ?? last;
    // What stays behind is read anew after the next start, and tried again.
    const uid = [...stuck.uids].reduce((least, each) => Math.min(least, each - 1), stuck.readTo);
    await arrivals.savePosition(name, { uidValidity, uid });
  }
}

/** Reports that are in the database and can't be moved away: tried again at each look. */
interface Stuck {
  uidValidity: string;
  uids: Set<number>;
  /** The last message that was read. */
  readTo: number;
  /** At how many looks in a row there were any. */
  inARow: number;
}

function createStuck(): Stuck {
  return { uidValidity: '', uids: new Set(), readTo: 0, inARow: 0 };
}

/** Moves messages, one by one where it doesn't work for all together; returns those that stay. */
async function move(client: ImapFlow, uids: readonly number[], to: string): Promise<number[]> {
  if (uids.length === 0 || (await client.messageMove(uids.join(','), to, { uid: true })) !== false) return [];
  if (!client.usable) throw new AppError('unavailable', 'it has closed the connection');
  if (uids.length === 1) return [...uids];
  const staying: number[] = [];
  for (const uid of uids) staying.push(...(await move(client, [uid], to)));
  return staying;
}

/** Lets one waiter go on, also one that comes a moment later. */
function createBell(): { ring(): void; wait(atMostMs: number): Promise<void> } {
  let rung = false;
  let wake = (): void => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(atMostMs) {
      if (!rung) {
        const over = new AbortController();
        wake = () => over.abort();
        await pause(atMostMs, undefined, { signal: over.signal }).catch(() => {});
        wake = () => {};
      }
      rung = false;
    },
  };
}

function sentenceAbout({ server }: MailboxOptions, error: unknown): string {
  return `The bounce mailbox at ${server.name} can’t be read: ${reasonOf(error)}.`;
}

function sentenceAboutStuck({ server, folder, handled }: MailboxOptions, { uids }: Stuck): string {
  const which = uids.size === 1 ? 'One report' : `${uids.size} reports`;
  return `${which} in the bounce mailbox at ${server.name} can’t be moved to ${handled}. What they say is done; they stay in ${folder}.`;
}

/** What the server said, where imapflow only says “Command failed”. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'authenticationFailed' in error && error.authenticationFailed === true) {
    return 'it refuses the user name or the password';
  }
  const said = error instanceof Error && 'responseText' in error ? error.responseText : undefined;
  return (typeof said === 'string' && said !== '' ? said : connectionFault(error))
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\.$/, '');
}
