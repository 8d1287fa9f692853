import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { type Finished, startSilkpost } from '../support/silkpost-process.ts';
import { type Script, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

// Each test runs a dozen commands, one after the other.
vi.setConfig({ testTimeout: 240_000 });

let dir = '';
let sink: SmtpSink;
/** What the relay does; a test changes it in between. */
let script: Script = () => null;

/** Final dots after the fifth are answered once it resolves. */
let open = Promise.resolve();

const relay = () => ({ SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` });
const silkpost = (...words: string[]): Promise<Finished> => silkpostHere([...words, '--dir', dir], relay());

beforeEach(async () => {
  dir = await smallPublication();
  script = () => null;
  open = Promise.resolve();
  sink = await startSmtpSink({
    script: (at) => script(at),
    beforeAnswer: () => (sink.received.length > 5 ? open : undefined),
  });
  await mkdir(join(dir, 'content'), { recursive: true });
  const article =
    '---\ntitle: About a bridge\nsummary: What happened.\ndate: 2023-01-02\ncountries: [georgia]\n---\n\nText.\n';
  await writeFile(join(dir, 'content', 'bridge.md'), article);
});

async function addReaders(...emails: readonly string[]): Promise<void> {
  await writeFile(join(dir, 'readers.csv'), ['email', ...emails, ''].join('\n'));
  expect((await silkpost('subscribers', 'import', join(dir, 'readers.csv'), '--consent', 'test')).code).toBe(0);
}

const send = () => silkpost('send', 'weekly', '--articles', 'bridge', '--yes');

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly waiting: { readonly said: string } | null;
  readonly counts: Readonly<Record<string, number>>;
}

async function show(id: string): Promise<Shown> {
  const shown = JSON.parse((await silkpost('editions', 'show', id, '--json')).stdout) as Shown;
  const { candidates, ...parts } = shown.counts;
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(candidates);
  return shown;
}

/** Every row of the edition, by address. */
async function rows(id: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const { stdout } = await silkpost('editions', 'show', id, '--deliveries', '--jsonl');
  const parsed = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return new Map(parsed.map((row) => [String(row['address']), row]));
}

const receivers = (): string[] => sink.received.map(({ to }) => to).sort();

describe('silkpost send', () => {
  it('ends beside a running worker that tries its relay in vain, and says why', async () => {
    await addReaders('ana@courier.test');
    const away = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${await freePort()}` };
    await startSilkpost(['start', '--dir', dir], away);
    const words = ['send', 'weekly', '--articles', 'bridge', '--yes', '--dir', dir];
    const sent = await silkpostHere(words, away);
    expect([sent.code, sent.stderr]).toEqual([1, expect.stringContaining('The running worker goes on trying.')]);
    expect(sent.stderr).toContain("can't be used");
    expect(await show(sent.stdout.trim())).toMatchObject({ state: 'sending', counts: { queued: 1 } });
  });
});

describe('silkpost editions pause and resume', () => {
  it('stop what a running worker sends and let it go on; nobody gets it twice, nobody is left out', async () => {
    const readers = Array.from({ length: 60 }, (_, index) => `reader${String(index).padStart(2, '0')}@courier.test`);
    await addReaders(...readers);
    const gate = Promise.withResolvers<void>();
    open = gate.promise;
    await startSilkpost(['start', '--dir', dir], relay());
    const sent = await silkpost('send', 'weekly', '--articles', 'bridge', '--yes', '--detach');
    expect(sent.code).toBe(0);
    const id = sent.stdout.trim();
    await expect.poll(() => sink.received.length, { timeout: 60_000 }).toBeGreaterThan(5);

    const paused = await silkpost('editions', 'pause', id);
    expect(paused.stderr).toContain(`${id} is paused. 60 readers:`);
    expect(paused.code).toBe(0);
    gate.resolve();
    await expect.poll(async () => (await show(id)).counts['attempting'], { timeout: 60_000 }).toBe(0);
    const atPause = sink.received.length;
    expect(atPause).toBeLessThan(60);
    expect(await show(id)).toMatchObject({ state: 'paused', reason: 'operator', counts: { sent: atPause } });
    expect((await silkpost('editions', 'show', id)).stderr).toContain('an operator paused it');
    const again = await silkpost('editions', 'pause', id);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('only one that is being sent')]);

    const resumed = await silkpost('editions', 'resume', id);
    expect(resumed.stderr).toContain(`${id} is being sent again.`);
    expect(resumed.code).toBe(0);
    await expect.poll(async () => (await show(id)).state, { timeout: 60_000 }).toBe('sent');
    expect(receivers()).toEqual(readers);
    const over = await silkpost('editions', 'resume', id);
    expect([over.code, over.stderr]).toEqual([1, expect.stringContaining('is sent, not paused')]);
  });

  it.each([['pause'], ['resume'], ['retry', '--missing'], ['resolve', '--log', '-']])(
    'of an edition that isn’t there: %s ends with 1 and says where editions stand',
    async (command, ...options) => {
      const ended = await silkpost('editions', command, 'weekly-nope', ...options);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('There is no edition weekly-nope. silkpost editions list names them.');
    },
  );
});

describe('silkpost editions retry --missing', () => {
  it('sends to exactly those who did not get it, and asks first', async () => {
    await addReaders('ann@courier.test', 'bob@courier.test', 'cem@courier.test', 'dan@courier.test');
    script = ({ phase, to }) => {
      if (phase === 'rcpt' && to === 'bob@courier.test') return { answer: '554 5.3.0 Transaction failed' };
      if (phase === 'rcpt' && to === 'cem@courier.test') return { answer: '550 5.1.1 User unknown' };
      return phase === 'dot' && to === 'dan@courier.test' ? 'drop' : null;
    };
    const sent = await send();
    expect(sent.code).toBe(3);
    const id = sent.stdout.trim();
    expect((await show(id)).counts).toMatchObject({ candidates: 4, sent: 1, failed: 2, in_doubt: 1 });
    script = () => null;

    expect((await silkpost('editions', 'retry', id, '--yes')).code).toBe(2);
    const unasked = await silkpost('editions', 'retry', id, '--missing');
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    const retried = await silkpost('editions', 'retry', id, '--missing', '--yes');
    // Cem's address is gone and suppressed, Dan is in doubt.
    expect(retried.stderr).toContain(`${id} is being sent to 1 reader who did not get it.`);
    expect(retried.code).toBe(0);
    expect((await silkpost('run')).code).toBe(0);
    expect(receivers()).toEqual(['ann@courier.test', 'bob@courier.test', 'dan@courier.test']);
    expect(await show(id)).toMatchObject({ state: 'sent', counts: { sent: 2, failed: 1, in_doubt: 1 } });

    const nobody = await silkpost('editions', 'retry', id, '--missing', '--yes');
    expect([nobody.code, nobody.stderr]).toEqual([0, expect.stringContaining('Nobody is missing')]);
  });
});

describe('silkpost editions resolve', () => {
  it('settles what is in doubt: by the relay’s log, by a word, or by sending it again', async () => {
    const readers = ['ann@courier.test', 'bob@courier.test', 'cem@courier.test'];
    await addReaders(...readers);
    script = ({ phase }) => (phase === 'dot' ? 'drop' : null);
    const id = (await send()).stdout.trim();
    // Each is in doubt, and none is tried again.
    await expect.poll(async () => (await show(id)).counts['in_doubt'], { timeout: 60_000 }).toBeGreaterThan(0);
    script = () => null;
    await silkpost('run');
    const before = await show(id);
    expect(before.counts['in_doubt']).toBeGreaterThan(0);
    const doubtful = [...(await rows(id)).values()].filter(({ state }) => state === 'in_doubt');
    const [first, ...others] = doubtful;
    expect(first).toMatchObject({ phase: 'final_dot', relay: sink.relay.name });

    expect((await silkpost('editions', 'resolve', id)).code).toBe(2);
    expect((await silkpost('editions', 'resolve', id, String(first?.['delivery']))).code).toBe(2);
    const wordy = await silkpost('editions', 'resolve', id, 'ann@example.com', '--accept');
    expect(wordy.code).toBe(2);
    expect(wordy.stderr).toContain('“ann@example.com” is no number of a delivery');
    const unknown = await silkpost('editions', 'resolve', id, '999', '--accept');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('has no delivery 999 in doubt')]);
    const unreadable = await silkpost('editions', 'resolve', id, '--log', join(dir, 'no-such.log'));
    expect([unreadable.code, unreadable.stderr]).toEqual([1, expect.stringContaining('can’t be read')]);

    const log = [
      `Nov 27 03:00:05 mx postfix/cleanup[7]: 4Sg1pX0Kjz: message-id=${first?.['messageId']}`,
      `Nov 27 03:00:06 mx postfix/smtp[8]: 4Sg1pX0Kjz: to=<${first?.['address']}>, relay=mx.courier.test[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)`,
    ];
    await writeFile(join(dir, 'mail.log'), `${log.join('\n')}\n`);
    const byLog = await silkpost('editions', 'resolve', id, '--log', join(dir, 'mail.log'));
    expect(byLog.stdout).toContain(`${first?.['delivery']}  ${first?.['address']}  sent`);
    expect(byLog.code).toBe(others.length > 0 ? 3 : 0);
    for (const [index, row] of others.entries()) {
      const word = index === 0 ? '--resend' : '--accept';
      await silkpost('editions', 'resolve', id, String(row['delivery']), word);
    }
    expect((await silkpost('run')).code).toBe(0);
    expect(await show(id)).toMatchObject({ state: 'sent', counts: { candidates: 3, sent: 3, in_doubt: 0 } });
    // Only who was sent it again on an operator's word may have it twice.
    const twice = receivers().filter((to, index, all) => all[index - 1] === to);
    expect(twice).toEqual(others.slice(0, 1).map(({ address }) => address));
  });
});

describe('silkpost editions show and list', () => {
  it('say of an edition that it waits for a relay that can’t be used; it goes on once it can', async () => {
    await addReaders('ann@courier.test');
    script = ({ phase }) => (phase === 'greeting' ? { close: '421 4.3.2 closed for today' } : null);
    const sent = await send();
    expect(sent.code).toBe(1);
    expect(sent.stderr).toContain('closed for today');
    const id = sent.stdout.trim();
    expect(sent.stderr).toContain(`editions cancel ${id} gives it up`);
    expect(await show(id)).toMatchObject({
      state: 'sending',
      waiting: { said: expect.stringContaining('closed for today') },
      counts: { queued: 1 },
    });
    expect((await silkpost('editions', 'list')).stdout).toContain(`${id}  sending (waits for its relay)  1 reader`);
    const shown = await silkpost('editions', 'show', id);
    expect(shown.stderr).toMatch(/^since .*Z: The relay .* closed for today.* It goes on by itself/);
    // A pass by cron says what it could not do, and all else.
    const passed = await silkpost('run');
    expect([passed.code, passed.stderr]).toEqual([1, expect.stringContaining('closed for today')]);

    script = () => null;
    expect((await silkpost('run')).code).toBe(0);
    expect(await show(id)).toMatchObject({ state: 'sent', waiting: null, counts: { sent: 1 } });
    expect(receivers()).toEqual(['ann@courier.test']);
  });

  it('are what a later pass of run says too, which ends with 3 where it lost somebody', async () => {
    await addReaders('ann@courier.test', 'bob@courier.test');
    script = ({ phase }) => (phase === 'rcpt' ? { answer: '451 4.3.0 later' } : null);
    const first = await send();
    expect(first.code).toBe(3);
    const id = first.stdout.trim();
    const due = () => {
      const database = new DatabaseSync(join(dir, 'var', 'silkpost.db'));
      database.prepare(`update delivery set not_before = '2020-01-01T00:00:00.000Z' where state = 'deferred'`).run();
      database.close();
    };
    due();
    script = ({ phase, to }) => (phase === 'dot' && to === 'bob@courier.test' ? 'drop' : null);
    const second = await silkpost('run');
    expect([second.code, second.stderr]).toEqual([
      3,
      expect.stringContaining(`${id}: sent, 2 readers: 1 sent, 1 in doubt`),
    ]);
    script = () => null;
    expect((await silkpost('run')).code).toBe(0);
  });

  it('say that an edition whose relay could not be used until its expiry is held, and that it can go on', async () => {
    await addReaders('ann@courier.test');
    script = ({ phase }) => (phase === 'greeting' ? { close: '421 4.3.2 closed for today' } : null);
    const id = (await send()).stdout.trim();
    script = () => null;
    const database = new DatabaseSync(join(dir, 'var', 'silkpost.db'));
    database.prepare('update edition set expires_at = ?').run(new Date().toISOString());
    database.close();
    const passed = await silkpost('run');
    expect([passed.code, passed.stderr]).toEqual([3, expect.stringContaining(`${id} is held: its relay could not be`)]);
    expect(await show(id)).toMatchObject({ state: 'held', reason: 'transport', counts: { queued: 1, failed: 0 } });
    const resumed = await silkpost('editions', 'resume', id);
    expect([resumed.code, resumed.stderr]).toEqual([1, expect.stringContaining(`editions approve ${id} sends it`)]);
    expect(receivers()).toEqual([]);
  });

  it('say why what no relay was asked for is deferred', async () => {
    await addReaders(...Array.from({ length: 20 }, (_, index) => `reader${index}@closed.test`));
    const yaml = await readFile(join(dir, 'silkpost.yaml'), 'utf8');
    await writeFile(join(dir, 'silkpost.yaml'), `${yaml}  connections: 1\n`);
    script = ({ phase }) => (phase === 'rcpt' ? { answer: '550 5.7.1 blocked by our policy' } : null);
    const sent = await send();
    expect(sent.code).toBe(3);
    const id = sent.stdout.trim();
    const shown = await silkpost('editions', 'show', id, '--deliveries');
    expect(shown.stderr).toMatch(/closed\.test refuses mail .* before .*Z: “550 5\.7\.1 blocked by our policy”/);
    expect(shown.stdout).toMatch(/deferred {2}its domain refuses mail because of the sender; tried again from 20/);
    const deferred = [...(await rows(id)).values()].filter(({ state }) => state === 'deferred');
    expect(deferred.length).toBeGreaterThan(10);
    expect(deferred).toEqual(deferred.map(() => expect.objectContaining({ reason: 'domain_closed', reply: null })));
  });
});
