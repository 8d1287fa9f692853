import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { type Script, startSmtpSink } from '../support/smtp-sink.ts';

const never = new AbortController().signal;

/** A newsroom that has an edition whose time was missed. */
async function newsroomWithHeldEdition(
  dir: string,
  environment: Record<string, string> = {},
): Promise<App & { readonly clock: FixedClock }> {
  await appendFile(join(dir, 'silkpost.yaml'), 'operators: { notify: [desk@courier.test, ana@courier.test] }\n');
  const clock = fixedClock('2026-11-26T12:00:00.000Z');
  const app = await openApp(readConfig({ dir, environment }), { clock });
  onTestFinished(() => app.close());
  await app.desk.runDue();
  clock.set('2026-11-27T12:00:00.000Z');
  expect(await app.desk.runDue()).toMatchObject([{ state: 'held', reason: 'missed' }]);
  return { ...app, clock };
}

describe('being told of a held edition', () => {
  it('is one short mail to each operator, with why and the command to run', async () => {
    const sink = await startSmtpSink();
    const app = await newsroomWithHeldEdition(await smallPublication(), {
      SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}`,
    });
    await app.postRoom.tellOperators(never);
    await app.postRoom.tellOperators(never);
    expect(sink.accepted.map(({ to }) => to).sort()).toEqual(['ana@courier.test', 'desk@courier.test']);
    const mail = await simpleParser(sink.accepted[0]?.content ?? '');
    expect(mail.subject).toBe(
      '[The Hill Courier] weekly-2026-11-27T0300Z is held: its time was missed by more than its grace.',
    );
    expect(mail.text).toContain('silkpost editions approve weekly-2026-11-27T0300Z lets it go, cancel gives it up.');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.has('list')).toBe(false);
    expect(mail.html).toBe(false);
    for (const line of (sink.accepted[0]?.content ?? '').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it('is tried again with the same Message-ID where the relay was away', async () => {
    let away = true;
    const sink = await startSmtpSink({
      script: ({ phase }) => (phase === 'dot' && away ? { answer: '451 4.3.0 later' } : null),
    });
    const app = await newsroomWithHeldEdition(await smallPublication(), {
      SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}`,
    });
    await app.postRoom.tellOperators(never);
    expect(sink.accepted).toHaveLength(0);
    away = false;
    app.clock.set('2026-11-27T12:01:00.000Z');
    await app.postRoom.tellOperators(never);
    expect(sink.accepted).toHaveLength(2);
    const [first, second] = [sink.received[0], sink.accepted.find(({ to }) => to === sink.received[0]?.to)];
    expect(second?.messageId).toBe(first?.messageId);
  });

  it('is a file in the outbox where there is no relay', async () => {
    const dir = await smallPublication();
    const app = await newsroomWithHeldEdition(dir);
    await app.postRoom.tellOperators(never);
    const folder = join(dir, 'var', 'outbox', 'notice');
    const names = await readdir(folder);
    expect(names.filter((name) => name.endsWith('.eml'))).toHaveLength(2);
    const envelope = names.find((name) => name.endsWith('.json')) ?? '';
    expect(JSON.parse(await readFile(join(folder, envelope), 'utf8'))).toMatchObject({ kind: 'notice' });
  });
});

describe('being told that mail can’t leave', () => {
  /** A newsroom that releases an edition to a relay, with these readers. */
  async function newsroom(script: Script, readers: readonly string[]) {
    const sink = await startSmtpSink({ script });
    const dir = await smallPublication();
    await appendFile(join(dir, 'silkpost.yaml'), 'operators: { notify: [desk@courier.test] }\n');
    await writeFile(
      join(dir, 'content', 'bridge.md'),
      '---\ntitle: About a bridge\nsummary: What happened.\ndate: 2026-11-26\ncountries: [georgia]\n---\n\nText.\n',
    );
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
    const app = await openApp(readConfig({ dir, environment }), { clock });
    onTestFinished(() => app.close());
    await app.rebuild();
    const reader = {
      name: null,
      languages: ['en'],
      countries: [],
      topics: [],
      timezone: null,
      newsletters: ['weekly'],
    };
    const consent = { source: 'operator', consent: 'test', sample: false } as const;
    await app.subscribers.addSubscribers(
      readers.map((email) => ({ ...reader, ...consent, email })),
      clock.now(),
    );
    await app.desk.runDue();
    clock.set('2026-11-27T03:00:00.000Z');
    expect(await app.desk.runDue()).toMatchObject([{ state: 'sending' }]);
    return { app, clock, sink, environment };
  }

  it('because the relay can’t be used: after a while, until it can', async () => {
    let down = true;
    const { app, clock, sink } = await newsroom(
      ({ phase }) => (down && phase === 'greeting' ? { close: '421 4.3.2 closed for today' } : null),
      ['ann@courier.test'],
    );
    const running = await app.postRoom.start();
    onTestFinished(() => running.stop());
    await expect.poll(() => app.troubles.listTroubles(), { timeout: 30_000 }).toHaveLength(1);
    await app.postRoom.tellOperators(never);
    clock.set('2026-11-27T03:11:00.000Z');
    // It says so of the newest try.
    await expect
      .poll(async () => (await app.troubles.listTroubles())[0]?.at, { timeout: 30_000 })
      .toBe('2026-11-27T03:11:00.000Z');
    await app.postRoom.tellOperators(never);
    down = false;
    await expect.poll(() => sink.accepted.map(({ to }) => to), { timeout: 30_000 }).toContain('ann@courier.test');
    await expect.poll(() => app.troubles.listTroubles(), { timeout: 30_000 }).toEqual([]);
    clock.set('2026-11-27T03:13:00.000Z');
    await app.postRoom.tellOperators(never);
    const mails = await Promise.all(
      sink.accepted.filter(({ to }) => to === 'desk@courier.test').map(({ content }) => simpleParser(content)),
    );
    expect(mails.map(({ subject }) => subject)).toEqual([
      '[The Hill Courier] weekly-2026-11-27T0300Z has waited for its relay since 2026-11-27T03:00:00.000Z …',
    ]);
    expect(mails[0]?.text?.replace(/\s+/g, ' ')).toContain('closed for today');
  });

  it('because relays find fault with the sender: once for each pause', async () => {
    const { app, clock, sink } = await newsroom(() => null, ['ann@courier.test']);
    const id = (await app.editions.listEditions({ states: ['sending'] }))[0]?.id ?? '';
    const pausedAt = async (time: string) => {
      clock.set(`2026-11-27T${time}:00.000Z`);
      await app.ledger.pauseEdition(id, 'sender_faults', clock.now());
      await app.postRoom.tellOperators(never);
      await app.postRoom.tellOperators(never);
      await app.ledger.resumeEdition(id, clock.now());
    };
    await pausedAt('03:10');
    await pausedAt('03:30');
    expect(sink.accepted.map(({ to }) => to)).toEqual(['desk@courier.test', 'desk@courier.test']);
  });

  it('because domains refuse the sender: in one notice, with a short subject', async () => {
    const refused = ['a.test', 'b.test', 'c.test'];
    const { app, sink } = await newsroom(
      ({ phase, to }) =>
        phase === 'rcpt' && refused.some((domain) => to.endsWith(`@${domain}`))
          ? { answer: `550 5.7.1 ${'blocked by our very long policy '.repeat(12)}` }
          : null,
      refused.map((domain) => `ann@${domain}`),
    );
    await app.postRoom.sendUntilIdle(null, () => {});
    await app.postRoom.tellOperators(never);
    await app.postRoom.tellOperators(never);
    const mails = await Promise.all(
      sink.accepted.filter(({ to }) => to === 'desk@courier.test').map(({ content }) => simpleParser(content)),
    );
    const about = mails.filter(({ subject }) => subject?.includes('refuse mail'));
    expect(about).toHaveLength(1);
    expect(about[0]?.subject).toBe(
      '[The Hill Courier] 3 domains refuse mail because of the sender, and no mail goes there for now …',
    );
    for (const domain of refused) expect(about[0]?.text).toContain(`${domain} until`);
  });
});

describe('being told of a draft', () => {
  it('is one notice, with what it would hold, to how many, what to mend first, and where to change it', async () => {
    const sink = await startSmtpSink();
    const dir = await smallPublication();
    const file = join(dir, 'silkpost.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('0 7 * * FRI', '0 7 * * FRI\n    approval: any'));
    await appendFile(file, 'operators: { notify: [desk@courier.test] }\n');
    await writeFile(
      join(dir, 'content', 'talks.md'),
      '---\ntitle: Talks begin\nsummary: They met TKTK.\ndate: 2026-11-26T10:00:00Z\n---\nText.\n',
    );
    const clock = fixedClock('2026-11-26T12:00:00.000Z');
    const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
    const app = await openApp(readConfig({ dir, environment }), { clock });
    onTestFinished(() => app.close());
    await app.catalog.refresh();
    await app.desk.runDue();
    await app.postRoom.tellOperators(never);
    expect(sink.accepted).toHaveLength(0);
    clock.set('2026-11-27T01:00:00.000Z');
    expect(await app.desk.runDue()).toMatchObject([{ state: 'draft' }]);
    await app.postRoom.tellOperators(never);
    await app.postRoom.tellOperators(never);
    expect(sink.accepted.map(({ to }) => to)).toEqual(['desk@courier.test']);
    const mail = await simpleParser(sink.accepted[0]?.content ?? '');
    expect(mail.subject).toContain('weekly-2026-11-27T0300Z is a draft that goes out at 2026-11-27T03:00:00.000Z');
    expect(mail.text?.replace(/\s+/g, ' ')).toContain('one story, first “Talks begin”, to 0 readers.');
    expect(mail.text?.replace(/\s+/g, ' ')).toContain('To mend first: The summary of “Talks begin” (en) holds “TKTK”.');
    expect(mail.text?.replace(/\s+/g, ' ')).toContain('It is held at its time unless somebody approves it.');
    expect(mail.text).toContain('http://localhost:8080/console/editions/weekly-2026-11-27T0300Z');
  });
});
