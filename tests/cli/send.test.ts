import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { beforeEach, describe, expect, it } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { type Finished, runSilkpost, startSilkpost } from '../support/silkpost-process.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

let dir = '';

const silkpost = (...words: string[]): Promise<Finished> => silkpostHere([...words, '--dir', dir]);

async function write(slug: string, date: string, country = 'georgia'): Promise<void> {
  await mkdir(join(dir, 'content'), { recursive: true });
  const text = `---\ntitle: About ${slug}\nsummary: What happened.\ndate: ${date}\ncountries: [${country}]\n---\n\nThe text.\n`;
  await writeFile(join(dir, 'content', `${slug}.md`), text);
}

async function mails(folder = ''): Promise<string[]> {
  const root = join(dir, 'var', 'outbox', folder);
  const names = await readdir(root, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.eml')).map((name) => join(root, name));
}

beforeEach(async () => {
  dir = await smallPublication();
  await write('bridge', '2023-01-02');
  await write('tunnel', '2023-01-03', 'armenia');
  await silkpost('subscribers', 'add', 'ann@example.com');
  await silkpost('subscribers', 'add', 'fereshteh@example.com', '--lang', 'fa');
});

describe('silkpost send', () => {
  it('sends exactly the named articles, in their order, once to each reader', async () => {
    const sent = await silkpost('send', 'weekly', '--articles', 'bridge,tunnel', '--yes');
    expect(sent.stderr).toContain('2 readers: 2 sent');
    expect(sent.code).toBe(0);
    const id = sent.stdout.trim();
    const written = await mails(id);
    expect(written).toHaveLength(2);
    const parsed = await Promise.all(written.map(async (file) => simpleParser(await readFile(file))));
    expect(parsed.map((mail) => mail.subject)).toEqual(['About bridge', 'About bridge']);
    expect(parsed[0]?.text?.indexOf('About bridge')).toBeLessThan(parsed[0]?.text?.indexOf('About tunnel') ?? 0);
    const envelopes = (await readdir(join(dir, 'var', 'outbox', id))).filter((name) => name.endsWith('.json'));
    const envelope = JSON.parse(await readFile(join(dir, 'var', 'outbox', id, envelopes[0] ?? ''), 'utf8'));
    expect(envelope).toMatchObject({
      from: 'digest@courier.example',
      to: 'ann@example.com',
      kind: 'digest',
      edition: id,
    });

    const shown = JSON.parse((await silkpost('editions', 'show', id, '--json')).stdout);
    expect(shown).toMatchObject({ id, newsletter: 'weekly', state: 'sent', transport: 'outbox' });
    const { candidates, ...states } = shown.counts;
    expect(Object.values(states).reduce((sum: number, count) => sum + Number(count), 0)).toBe(candidates);
    const lines = (await silkpost('editions', 'show', id, '--deliveries', '--jsonl')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { address: 'ann@example.com', state: 'sent', messageId: expect.stringMatching(/^<.+@courier\.example>$/) },
      { address: 'fereshteh@example.com', state: 'sent' },
    ]);
  });

  it('names an unknown slug, newsletter or time, and sends nothing', async () => {
    expect(await silkpost('send', 'weekly', '--articles', 'bridg', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('bridge'),
    });
    const unknown = await silkpost('send', 'wekly', '--yes');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('Did you mean weekly?');
    expect((await silkpost('send', 'weekly', '--at', 'soon', '--yes')).code).toBe(2);
    expect(await mails()).toEqual([]);
  });

  it('asks for --yes where nobody can be asked', async () => {
    const asked = await silkpost('send', 'weekly', '--since', '2020-01-01');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('--yes');
    expect(await mails()).toEqual([]);
  });

  it('tells with --dry-run what would go to whom, and keeps nothing', async () => {
    const told = await silkpost('send', 'weekly', '--since', '2020-01-01', '--dry-run');
    expect(told.code).toBe(0);
    expect(told.stderr).toContain('About tunnel');
    expect(told.stderr).toMatch(/en: 1 reader/);
    expect(told.stderr).toMatch(/fa: 1 reader/);
    expect((await silkpost('editions', 'list')).stdout).toBe('');
  });

  it('sends with --test one copy that nobody’s ledger knows', async () => {
    const tested = await silkpost('send', 'weekly', '--since', '2020-01-01', '--test', 'me@example.org');
    expect(tested.code).toBe(0);
    const [copy = ''] = await mails('test');
    const mail = await simpleParser(await readFile(copy));
    expect(mail.subject).toBe('[Test] About tunnel');
    expect(mail.headers.has('list-unsubscribe')).toBe(false);
    expect((await silkpost('editions', 'list')).stdout).toBe('');
  });

  it('waits with --at for its time', async () => {
    const file = join(dir, 'silkpost.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('0 7 * * FRI', '0 7 1 1 *'));
    const far = await silkpost('send', 'weekly', '--since', '2020-01-01', '--at', '2099-01-01 07:00', '--yes');
    expect(far.code).toBe(1);
    expect(far.stderr).toContain('has its own edition at');
    const soon = new Date(Date.now() + 600_000).toISOString();
    const planned = await silkpost('send', 'weekly', '--since', '2020-01-01', '--at', soon, '--yes');
    expect(planned.code).toBe(0);
    expect((await silkpost('run')).stderr).toContain('No edition is due');
    expect(await mails()).toEqual([]);
    const id = planned.stdout.trim();
    expect(id).toBe(`weekly-${soon.slice(0, 16).replace(':', '')}Z`);
    expect((await silkpost('editions', 'cancel', id)).code).toBe(0);
    expect((await silkpost('editions', 'list')).stdout).toContain('cancelled');
  });

  it('says that nothing is new, and with --detach that no worker runs', async () => {
    const nothing = await silkpost('send', 'weekly', '--yes');
    expect(nothing.code).toBe(0);
    expect(nothing.stderr).toContain('Nothing new for weekly');
    const detached = await silkpost('send', 'weekly', '--since', '2020-01-01', '--detach', '--yes');
    expect(detached.code).toBe(1);
    expect(detached.stderr).toContain('No worker is running');
    expect(await mails()).toEqual([]);
  });

  it('works beside a running start and beside itself: nobody gets it twice, nobody is left out', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `reader${index}@example.com`);
    await writeFile(join(dir, 'readers.csv'), ['email', ...rows, ''].join('\n'));
    await silkpost('subscribers', 'import', join(dir, 'readers.csv'), '--consent', 'test');
    const running = await startSilkpost(['start', '--dir', dir]);
    const words = ['send', 'weekly', '--articles', 'bridge', '--yes', '--dir', dir];
    const ends = await Promise.all([runSilkpost(words), runSilkpost(words)]);
    for (const { stderr } of ends) expect(stderr).not.toMatch(/locked|SQLITE/);
    expect(ends.map(({ code }) => code)).toContain(0);
    const editions = JSON.parse((await silkpost('editions', 'list', '--json')).stdout).editions;
    for (const { id, counts } of editions) {
      expect(counts).toMatchObject({ candidates: 402, sent: 402 });
      const got = (await mails(id)).map((file) => file.replace(/^.*\/\d+-/, ''));
      expect(new Set(got).size).toBe(402);
    }
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  it('hands the mail to a relay, without the sample readers, and leaves reserved domains out off loopback', async () => {
    const sink = await startSmtpSink();
    const relay = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}?tls=none` };
    const sent = await silkpostHere(['send', 'weekly', '--since', '2020-01-01', '--yes', '--dir', dir], relay);
    expect(sent.stderr).toContain('2 readers: 2 sent');
    expect(sink.accepted.map((message) => message.to).sort()).toEqual(['ann@example.com', 'fereshteh@example.com']);

    await write('ford', '2023-01-05');
    const forgotten = await silkpost('send', 'weekly', '--since', '2020-01-01', '--yes');
    expect(forgotten.code).toBe(1);
    expect(forgotten.stderr).toContain('say --outbox');

    const away = { SILKPOST_SMTP_URL: 'smtp://relay.invalid:587', SILKPOST_URL: 'https://courier.example' };
    const held = await silkpostHere(['send', 'weekly', '--since', '2020-01-01', '--yes', '--dir', dir], away);
    expect(held.stderr).toContain('2 readers: 2 excluded');
    expect(held.code).toBe(0);
  });
});

describe('silkpost', () => {
  it('ends with 2 for words that it does not know, with 0 for help', async () => {
    expect((await silkpostHere(['sned'])).code).toBe(2);
    expect((await silkpostHere(['send'])).code).toBe(2);
    expect((await silkpostHere(['send', '--help'])).code).toBe(0);
    expect((await silkpostHere(['--help'])).stdout).toContain('subscribers');
  });

  it('says where a publication is missing', async () => {
    const ended = await silkpostHere(['build', '--dir', join(dir, 'content')]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^silkpost: There is no silkpost\.yaml in .*--dir\.\n$/);
  });
});
