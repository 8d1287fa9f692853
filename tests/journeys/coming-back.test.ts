import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startImapServer } from '../support/imap-server.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';
import { type SinkMessage, startSmtpSink } from '../support/smtp-sink.ts';

const article = `---
title: Talks in Tehran
summary: Two secretaries met.
date: 2023-04-09T18:30:00+04:00
---
They met.
`;

/** A publication with a bounce domain that has sent an edition to two readers, and what the relay got. */
async function sentThroughRelay(): Promise<{ dir: string; messages: readonly SinkMessage[] }> {
  const dir = await smallPublication();
  await writeFile(join(dir, 'content', 'talks.md'), article);
  await appendFile(join(dir, 'silkpost.yaml'), 'bounces: { domain: Bounces.courier.example }\n');
  const relay = await startSmtpSink();
  const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${relay.relay.port}?tls=none` };
  for (const email of ['ana@example.com', 'bo@example.com']) {
    expect((await runSilkpost(['subscribers', 'add', email, '--dir', dir])).code).toBe(0);
  }
  const sent = await runSilkpost(['send', 'weekly', '--since', '2023-01-01', '--yes', '--dir', dir], {
    ...variables,
    SILKPOST_URL: 'https://courier.example',
  });
  expect(sent.code, sent.stderr).toBe(0);
  expect(relay.accepted).toHaveLength(2);
  return { dir, messages: relay.accepted };
}

function messageTo(messages: readonly SinkMessage[], reader: string): SinkMessage {
  const found = messages.find(({ to }) => to.includes(reader));
  if (!found) throw new Error(`nothing for ${reader}`);
  return found;
}

/** What Postfix would make of the message: addressed to its return path, or, as `toOther`, with nothing but the headers. */
function reportOf({ from, content }: SinkMessage, reader: string, toOther?: string): Buffer {
  const path = from.replace(/^<|>$/g, '');
  const headers = content.slice(0, content.indexOf('\r\n\r\n'));
  return Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.com (Mail Delivery System)',
      `To: ${toOther ?? path.toUpperCase()}`,
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="XX"',
      '',
      '--XX',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      `Final-Recipient: rfc822; ${reader}`,
      'Action: failed',
      'Status: 5.1.1',
      '',
      '--XX',
      'Content-Type: text/rfc822-headers',
      '',
      toOther === undefined ? 'Subject: lost' : headers,
      '--XX--',
      '',
    ].join('\r\n'),
  );
}

async function suppressed(dir: string): Promise<string[]> {
  const { stdout } = await runSilkpost(['suppressions', 'list', '--json', '--dir', dir]);
  return JSON.parse(stdout).map(({ email }: { email: string }) => email);
}

describe('what comes back of a mail', () => {
  it('is known by the return path alone, or by the headers alone', async () => {
    const { dir, messages } = await sentThroughRelay();
    const [ana, bo] = [messageTo(messages, 'ana@'), messageTo(messages, 'bo@')];
    expect(ana.from).toMatch(/^<?b-[0-9a-v]+-[0-9a-v]{20}@bounces\.courier\.example>?$/);
    expect(ana.from).not.toBe(bo.from);
    expect((await runSilkpost(['bounce', '--dir', dir], {}, reportOf(ana, 'ana@example.com'))).code).toBe(0);
    expect(await suppressed(dir)).toEqual(['ana@example.com']);
    const headersOnly = reportOf(bo, 'bo@example.com', 'postmaster@courier.example');
    expect((await runSilkpost(['bounce', '--dir', dir], {}, headersOnly)).code).toBe(0);
    expect(await suppressed(dir)).toEqual(['ana@example.com', 'bo@example.com']);
  });

  it('leaves the newsletter by mail to the address in List-Unsubscribe, read from a mailbox', async () => {
    const { dir, messages } = await sentThroughRelay();
    const header = /^List-Unsubscribe:(.*(?:\r\n[ \t].*)*)/m.exec(messageTo(messages, 'ana@').content)?.[1] ?? '';
    expect(header.match(/<[^>]*>/g)).toEqual([
      expect.stringMatching(/^<https:\/\/courier\.example\/unsubscribe\//),
      expect.stringMatching(/^<mailto:l-[0-9a-v-]+@bounces\.courier\.example\?subject=unsubscribe>$/),
    ]);
    const address = /mailto:([^?]+)/.exec(header)?.[1] ?? '';
    const mailbox = await startImapServer();
    mailbox.deliver(Buffer.from(`From: ana@example.com\r\nTo: ${address}\r\nSubject: unsubscribe\r\n\r\n`));
    const worker = await startSilkpost(['worker', '--outbox', '--dir', dir], {
      SILKPOST_IMAP_URL: `imap://bounces:secret@127.0.0.1:${mailbox.port}`,
    });
    await mailbox.waitFor(() => mailbox.folders.get('Silkpost')?.length === 1);
    worker.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
    const listed = await runSilkpost(['subscribers', 'list', '--jsonl', '--dir', dir]);
    const readers = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(readers.map(({ email, subscriptions }) => [email, subscriptions[0].state, subscriptions[0].source])).toEqual(
      [
        ['ana@example.com', 'left', 'mail'],
        ['bo@example.com', 'active', 'operator'],
      ],
    );
  });
});
