import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { deliveryKey, type SignUp } from '../../src/subscribers/index.ts';
import { bounceMailAbout } from '../support/bounce-mail.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { collect } from '../support/mailing.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { type SinkMessage, startSmtpSink } from '../support/smtp-sink.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const never = new AbortController().signal;
const now = '2026-11-26T12:00:00.000Z';
const dayMs = 24 * 3_600_000;

const closers: (() => Promise<void>)[] = [];
let app: App;
let clock: FixedClock;
let letters: readonly SinkMessage[];

beforeAll(async () => {
  const sink = await startSmtpSink({
    closeLater: (close) => closers.push(close),
    script: ({ phase, to }) =>
      phase === 'rcpt' && to.startsWith('nobody@') ? { answer: '550 5.1.1 <nobody@courier.test>: unknown' } : null,
  });
  letters = sink.accepted;
  const folder = await createTemporaryFolder();
  closers.push(() => folder.remove());
  const dir = await smallPublication(folder.path);
  await appendFile(join(dir, 'silkpost.yaml'), 'bounces: { domain: bounces.courier.example }\n');
  clock = fixedClock(now);
  const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
  app = await openApp(readConfig({ dir, environment }), { clock });
  closers.unshift(() => app.close());
}, 60_000);

afterAll(async () => {
  for (const close of closers) await close();
});

/** Somebody signs an address up; returns how many letters to it have left by then. */
async function signUp(email: string): Promise<number> {
  const wishes = { languages: ['en'], newsletters: ['weekly'], countries: [], topics: [], rhythm: 'each' } as const;
  const wording = { text: 'I ask for it.', lang: 'en', version: 'v1' };
  const signed: SignUp = { email, wishes, wording, how: 'form', ip: null };
  await app.letterRoom.signUps.keepSignUp(signed, clock.now());
  await app.letterRoom.sendDue(never);
  return letters.filter(({ to }) => to === email).length;
}

/** Brings a report of the corpus about the last letter to an address; returns what followed. */
async function bringBack(name: string, email: string): Promise<string | null | undefined> {
  const letter = letters.findLast(({ to }) => to === email);
  const id = Number.parseInt(
    /^xb-([0-9a-v]+)-[0-9a-v]{20}@bounces\.courier\.example$/.exec(letter?.from ?? '')?.[1] ?? '',
    32,
  );
  const subject = { letterId: id, createdAt: clock.now(), address: email };
  await app.bounceRoom.desk.take('mail', bounceMailAbout(name, deliveryKey(app.keys), subject));
  await app.bounceRoom.desk.handleOpen();
  const [arrival] = await app.bounceRoom.arrivals.listArrivals({ states: ['handled', 'ignored'], limit: 1 });
  return arrival?.note;
}

async function standing(email: string): Promise<string | undefined> {
  const found = (await collect(app.subscribers.listSuppressions())).find((one) => one.email === email);
  return found?.reason ?? (await app.subscribers.findByEmail(email))?.subscriber.state;
}

describe('a confirmation', () => {
  it('that comes back is known by its return path, and the address isn’t written to at anybody’s bidding', async () => {
    const email = 'gone@courier.test';
    expect(await signUp(email)).toBe(1);
    expect(await bringBack('postfix-unknown-user', email)).toBe(
      'Letter 1 (confirm) came back (address gone): the address gets no mail from now on.',
    );
    expect(await standing(email)).toBe('address_gone');
    for (const days of [1, 2, 29]) {
      clock.set(plusMs(now, days * dayMs));
      expect(await signUp(email)).toBe(1);
    }
    clock.set(plusMs(now, 31 * dayMs));
    expect(await signUp(email)).toBe(2);
  });

  it('that the relay refuses since nobody is there counts alike', async () => {
    const email = 'nobody@courier.test';
    expect(await signUp(email)).toBe(0);
    expect(await standing(email)).toBe('address_gone');
    clock.set(plusMs(clock.now(), 2 * dayMs));
    expect(await signUp(email)).toBe(0);
  });

  it('of which only a forged report tells counts for nothing', async () => {
    const email = 'there@courier.test';
    await signUp(email);
    const forged = bounceMailAbout('postfix-unknown-user', 'another key', {
      letterId: 1,
      createdAt: clock.now(),
      address: email,
    });
    await app.bounceRoom.desk.take('mail', forged);
    await app.bounceRoom.desk.handleOpen();
    expect(await standing(email)).toBe('pending');
  });

  it('that is complained about suppresses, whether by its return path or its Message-ID', async () => {
    for (const [name, email] of [
      ['arf-redacted', 'angry@courier.test'],
      ['arf-message-id', 'cross@courier.test'],
    ] as const) {
      await signUp(email);
      expect(await bringBack(name, email), name).toMatch(/^A complaint.*: the address gets no mail from now on\.$/);
      expect(await standing(email)).toBe('complaint');
    }
  });

  it('counts as a bounce-day where the mailbox is full, and as nothing where it is about us', async () => {
    const email = 'full@courier.test';
    await signUp(email);
    expect(await bringBack('outlook-reputation', email)).toMatch(/\(our reputation\): nothing follows/);
    expect(await bringBack('postfix-mailbox-full', email)).toMatch(/\(soft\): nothing follows for the reader yet/);
    expect(await standing(email)).toBe('pending');
    const id = (await app.subscribers.findByEmail(email))?.subscriber.id ?? 0;
    expect(await app.requests.ownData.findOwnData(id)).toMatchObject({
      letters: [{ kind: 'confirm', state: 'sent', outcome: 'bounced' }],
      bounces: [{ class: 'our_reputation' }],
    });
  });
});
