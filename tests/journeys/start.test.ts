import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { samplePublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';

async function mails(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, 'var', 'outbox'), { recursive: true });
  return names.filter((name) => name.endsWith('.eml')).map((name) => join(dir, 'var', 'outbox', name));
}

const article = (slug: string, date: string) => `---
slug: ${slug}
title: A bridge opens
summary: It had been closed for years.
date: ${date}
countries: [georgia]
---

The bridge is open.
`;

describe('silkpost start', () => {
  it('serves feeds, fills the outbox for three sample readers, sends by hand, lets a reader leave, and stops', async () => {
    const dir = await samplePublication();
    const running = await startSilkpost(['start', '--dir', dir]);

    for (const [path, type] of [
      ['/rss.xml', 'application/rss+xml'],
      ['/fa/atom.xml', 'application/atom+xml'],
      ['/countries/armenia/feed.json', 'application/feed+json'],
    ] as const) {
      const answer = await fetch(running.url + path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type')).toContain(type);
      expect(await answer.text()).toContain('tehran-talks');
    }

    const { url: welcome } = await running.waitFor(({ event }) => event === 'console');
    expect(await (await fetch(String(welcome))).text()).toContain('become the owner');

    const written = await mails(dir);
    expect(written).toHaveLength(3);
    const parsed = await Promise.all(written.map(async (file) => simpleParser(await readFile(file))));
    expect(parsed.map((mail) => mail.headers.get('content-language')).sort()).toEqual(['en', 'fa', 'hy']);
    for (const mail of parsed) {
      expect(mail.text).toContain('/unsubscribe/');
      expect(mail.html).toContain('/unsubscribe/');
    }

    const sent = await runSilkpost(['send', 'weekly', '--since', '2022-01-01', '--yes', '--dir', dir]);
    expect(sent.stderr).toMatch(/3 readers: 3 sent/);
    expect(sent.code).toBe(0);
    expect(await mails(dir)).toHaveLength(6);

    const again = await runSilkpost(['send', 'weekly', '--since', '2022-01-01', '--yes', '--dir', dir]);
    expect(again.stderr).toMatch(/Nothing new for weekly: nothing was sent/);
    expect(again.code).toBe(0);

    const link = /<(https?:[^>]*\/unsubscribe\/[^>]+)>/.exec(
      String(await readFile(written[0] ?? '', 'utf8')).replace(/\r\n[ \t]/g, ''),
    );
    const token = (link?.[1] ?? '').split('/unsubscribe/')[1];
    const left = await fetch(`${running.url}/unsubscribe/${token}`, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      redirect: 'error',
    });
    expect(left.status).toBe(200);
    const list = await runSilkpost(['subscribers', 'list', '--newsletter', 'weekly', '--jsonl', '--dir', dir]);
    expect(list.stdout.trim().split('\n')).toHaveLength(2);

    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  it('shows a saved article soon and an embargoed one from its instant on, never before', async () => {
    const dir = await samplePublication();
    const running = await startSilkpost(['start', '--dir', dir]);
    const home = async (): Promise<string> => (await fetch(`${running.url}/rss.xml`)).text();

    await writeFile(join(dir, 'content', 'bridge.md'), article('bridge', '2024-01-05'));
    await expect.poll(home, { timeout: 5_000, interval: 20 }).toContain('/articles/bridge');

    const opens = Date.now() + 2_500;
    await writeFile(join(dir, 'content', 'tunnel.md'), article('tunnel', new Date(opens).toISOString()));
    await expect
      .poll(async () => (await readdir(join(dir, 'content'))).includes('tunnel.md') && running.lines.length)
      .toBeTruthy();
    for (const path of ['/articles/tunnel', '/rss.xml', '/', '/feed.json', '/countries/georgia/atom.xml']) {
      if (Date.now() > opens - 300) break;
      expect(await (await fetch(running.url + path)).text()).not.toContain('tunnel');
    }
    await expect.poll(home, { timeout: 10_000, interval: 20 }).toContain('/articles/tunnel');
    expect(Date.now()).toBeGreaterThanOrEqual(opens);

    await rm(join(dir, 'content', 'bridge.md'));
    await expect.poll(home, { timeout: 5_000, interval: 20 }).not.toContain('/articles/bridge');
    expect((await fetch(`${running.url}/articles/bridge`)).status).toBeGreaterThanOrEqual(404);
  });

  it('keeps ids, readers and times of change over a restart, and composes nothing twice', async () => {
    const dir = await samplePublication();
    const first = await startSilkpost(['start', '--dir', dir]);
    const before = await fetch(`${first.url}/atom.xml`);
    const ids = [...(await before.text()).matchAll(/<id>([^<]+)<\/id>/g)].map((match) => match[1]);
    first.kill('SIGTERM');
    await first.ended;

    const port = new URL(first.url).port;
    const second = await startSilkpost(['start', '--dir', dir], { SILKPOST_PORT: port });
    const after = await fetch(`${second.url}/atom.xml`);
    expect([...(await after.text()).matchAll(/<id>([^<]+)<\/id>/g)].map((match) => match[1])).toEqual(ids);
    expect(after.headers.get('last-modified')).toBe(before.headers.get('last-modified'));
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));
    expect(await mails(dir)).toHaveLength(3);
  });

  it('lets the sample readers go once a relay is connected, and sends nothing for times past', async () => {
    const dir = await samplePublication();
    const first = await startSilkpost(['start', '--dir', dir]);
    first.kill('SIGTERM');
    await first.ended;
    const sink = await startSmtpSink();
    const relay = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}?tls=none` };
    const second = await startSilkpost(['start', '--dir', dir], relay);
    expect((await runSilkpost(['subscribers', 'list', '--jsonl', '--dir', dir])).stdout).toBe('');
    second.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
    expect(sink.received).toEqual([]);
  });

  it('says in one sentence what is wrong and ends with 1: the configuration', async () => {
    const dir = await samplePublication();
    const file = join(dir, 'silkpost.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('timezone:', 'timezon:'));
    const ended = await runSilkpost(['start', '--dir', dir]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /^silkpost: silkpost\.yaml, line \d+: unknown key publication\.timezon\. Did you mean timezone\?\n$/,
    );
  });

  it('says in one sentence what is wrong and ends with 1: a taken port', async () => {
    const dir = await samplePublication();
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const ended = await runSilkpost(['start', '--dir', dir], { SILKPOST_PORT: String(port) });
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(String(port));
  });

  it('says in one sentence what is wrong and ends with 1: a data folder that can’t be written', async () => {
    const dir = await samplePublication();
    await writeFile(join(dir, 'var'), 'a file where the folder belongs');
    const ended = await runSilkpost(['start', '--dir', dir], { SILKPOST_PORT: '0' });
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(join(dir, 'var'));
  });
});
