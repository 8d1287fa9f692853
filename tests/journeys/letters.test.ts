import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { sendEveryLetter } from '../support/every-letter.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { newReader } from '../support/reader-store.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

const never = new AbortController().signal;
const now = '2026-11-26T12:00:00.000Z';

interface Room extends App {
  readonly clock: FixedClock;
  readonly dir: string;
}

async function openRoom(environment: Record<string, string> = {}, dir?: string): Promise<Room> {
  const folder = dir ?? (await smallPublication());
  const clock = fixedClock(now);
  const app = await openApp(readConfig({ dir: folder, environment }), { clock });
  onTestFinished(() => app.close());
  return { ...app, clock, dir: folder };
}

async function post(app: App, email = 'ann@courier.test', lang = 'en'): Promise<void> {
  await app.subscribers.addSubscribers([newReader(email, { languages: [lang] })], app.clock.now());
  const subscriberId = (await app.subscribers.findByEmail(email))?.subscriber.id ?? 0;
  const payload = { consentId: 7, newsletters: ['weekly'] };
  const posting = await app.letterRoom.desk.post({ kind: 'confirm', subscriberId, address: email, lang, payload });
  expect(posting).toBe('posted');
}

describe('a letter to one reader', () => {
  it('stands in the outbox under its kind, text and HTML, with the link in both', async () => {
    const room = await openRoom();
    await post(room, 'ann@courier.test', 'fa');
    await room.letterRoom.sendDue(never);
    await room.letterRoom.sendDue(never);
    const folder = join(room.dir, 'var', 'outbox', 'confirm');
    expect(await readdir(folder)).toEqual(['1-ann%40courier.test.eml', '1-ann%40courier.test.json']);
    expect(JSON.parse(await readFile(join(folder, '1-ann%40courier.test.json'), 'utf8'))).toMatchObject({
      from: 'digest@courier.example',
      to: 'ann@courier.test',
      kind: 'confirm',
    });
    const raw = await readFile(join(folder, '1-ann%40courier.test.eml'));
    const header = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
    expect([...header.matchAll(/^([A-Za-z-]+):/gm)].map(([, name]) => name)).toEqual(
      'From To Subject Date Message-ID Auto-Submitted Content-Language MIME-Version Content-Type'.split(' '),
    );
    const mail = await simpleParser(raw);
    expect(mail.subject).toBe('لطفاً تأیید کنید: پیک');
    expect(mail.html).toMatch(/<html[^>]* lang="fa"[^>]* dir="rtl"/);
    const [link] = /http:\/\/localhost:8080\/fa\/confirm\/[\w-]+/.exec(mail.text ?? '') ?? [];
    expect(link).toBeDefined();
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.text).toContain('\u2068The week\u2069');
    expect(mail.text).not.toMatch(/[\uE000-\uF8FF]/);
  });

  it('is tried again after 1, 5, 15 and 60 minutes with the same Message-ID, and given up after a day', async () => {
    const sink = await startSmtpSink({
      script: ({ phase }) => (phase === 'dot' ? { answer: '451 4.3.0 later' } : null),
    });
    const room = await openRoom({ SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` });
    await post(room);
    const tried: number[] = [];
    for (let minute = 0; minute <= 27 * 60; minute += 1) {
      room.clock.set(plusMs(now, minute * 60_000));
      const before = sink.received.length;
      await room.letterRoom.sendDue(never);
      if (sink.received.length > before) tried.push(minute);
    }
    expect(tried.slice(0, 7)).toEqual([0, 1, 6, 21, 81, 141, 201]);
    expect(tried.at(-1)).toBe(1461);
    expect(new Set(sink.received.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('is sent again where the answer to its end got lost, and not after a refusal', async () => {
    let dropped = false;
    const sink = await startSmtpSink({
      script: ({ phase, to }) => {
        if (phase === 'rcpt' && to.startsWith('gone@')) return { answer: '550 5.1.1 nobody' };
        if (phase !== 'dot' || dropped) return null;
        dropped = true;
        return 'drop';
      },
    });
    const room = await openRoom({ SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` });
    await post(room);
    await post(room, 'gone@courier.test');
    await room.letterRoom.sendDue(never);
    for (const minute of [1, 6, 21]) {
      room.clock.set(plusMs(now, minute * 60_000));
      await room.letterRoom.sendDue(never);
    }
    expect(sink.received.map(({ to }) => to)).toEqual(['ann@courier.test', 'ann@courier.test']);
    expect(sink.accepted).toHaveLength(1);
  });

  it('waits out a relay that is away, a template that is broken, and a restart', async () => {
    const sink = await startSmtpSink();
    const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
    const dir = await smallPublication();
    const first = await openRoom({ SILKPOST_SMTP_URL: 'smtp://127.0.0.1:9' }, dir);
    await post(first);
    await first.letterRoom.sendDue(never);
    await first.close();
    const template = join(dir, 'templates', 'confirm.txt.liquid');
    const whole = await readFile(template, 'utf8');
    await writeFile(template, '{{ nonsense }}');
    const second = await openRoom(environment, dir);
    second.clock.set(plusMs(now, 60_000));
    await second.letterRoom.sendDue(never);
    await writeFile(template, whole);
    second.clock.set(plusMs(now, 6 * 60_000));
    await second.letterRoom.sendDue(never);
    expect(sink.accepted.map(({ to }) => to)).toEqual(['ann@courier.test']);
  });

  it('leaves at once where this process sends, while an edition has the relay busy', async () => {
    const sink = await startSmtpSink();
    const room = await openRoom({ SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` });
    const sending = room.letterRoom.start();
    onTestFinished(() => sending.stop());
    await post(room);
    await expect.poll(() => sink.accepted.length, { timeout: 10_000 }).toBe(1);
  });

  it('is rendered with others of any kind and language on one thread, of which nothing stays', async () => {
    const room = await openRoom();
    const threads: Worker[] = [];
    const note = (thread: Worker): number => threads.push(thread);
    process.on('worker', note);
    onTestFinished(() => {
      process.off('worker', note);
    });
    await sendEveryLetter(room, ['en', 'fa']);
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1]);
    await room.letterRoom.sendDue(never);
    expect(threads).toHaveLength(1);
    expect(await readdir(join(room.dir, 'var', 'outbox', 'erase'))).toHaveLength(4);
  });
});
