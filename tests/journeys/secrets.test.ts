import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { startSilkpost } from '../support/silkpost-process.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

const canaries = [
  'relay-canary-41',
  'mailbox-canary-42',
  'hook-canary-43-of-thirty-two-characters',
  'notice-canary-44-of-thirty-two-characters',
];

/** Every secret that a publication has: its own files, and what it is told of others. */
async function secretsOf(dir: string): Promise<string[]> {
  const data = join(dir, 'var');
  const files = (await readdir(data, { recursive: true })).filter((name) => /\.(?:key|pem)$/.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(data, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split(/\s+/)).filter((word) => word.length >= 32);
  return [...canaries, ...lines];
}

describe('secrets', () => {
  it('stand in nothing that a command or the running program says, whatever goes wrong with them', async () => {
    const dir = await smallPublication();
    const story = '---\ntitle: A bridge\nsummary: It opens.\ndate: 2026-01-02\n---\n\nText.\n';
    await writeFile(join(dir, 'content', 'bridge.md'), story);
    const yaml = await readFile(join(dir, 'silkpost.yaml'), 'utf8');
    const more = `bounces: { domain: bounces.courier.example }\noperators: { notify: [desk@example.com], webhook: { url: 'http://127.0.0.1:9/hook' } }\n`;
    await writeFile(join(dir, 'silkpost.yaml'), yaml + more);
    const sink = await startSmtpSink();
    const variables = {
      SILKPOST_SMTP_URL: `smtp://ann:relay-canary-41@127.0.0.1:${sink.relay.port}?tls=none`,
      SILKPOST_IMAP_URL: 'imap://ann:mailbox-canary-42@127.0.0.1:9',
      SILKPOST_HOOK_SECRET: 'hook-canary-43-of-thirty-two-characters',
      SILKPOST_NOTIFY_SECRET: 'notice-canary-44-of-thirty-two-characters',
      SILKPOST_PORT: '0',
    };
    const said: string[] = [];
    const say = async (...words: string[]): Promise<number | null> => {
      const { code, stdout, stderr } = await silkpostHere([...words, '--dir', dir], variables);
      said.push(stdout, stderr);
      return code;
    };
    expect(await say('dkim', 'new')).toBe(0);
    expect(await say('subscribers', 'add', 'ann@courier.test')).toBe(0);
    expect(await say('doctor', '--dns', '127.0.0.1:1')).toBe(1);
    for (const words of [['run'], ['check', '--json'], ['bounce', '--list']]) await say(...words);
    const running = await startSilkpost(['start', '--dir', dir], variables);
    running.kill('SIGTERM');
    const { stdout, stderr } = await running.ended;
    said.push(stdout, stderr);

    const all = said.join('');
    expect(all).toContain('The bounce mailbox at imap://127.0.0.1:9 can’t be read');
    const secrets = await secretsOf(dir);
    expect(secrets.length).toBeGreaterThan(canaries.length + 4);
    expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
  });
});
