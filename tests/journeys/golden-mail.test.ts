import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../bench/find-program.ts';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import type { DkimSetting } from '../../src/delivery/dkim/dkim-key.ts';
import { readDkimKeys } from '../../src/delivery/dkim/dkim-key.ts';
import { bothPass, verifyDkim } from '../support/dkim.ts';
import { letterKinds, sendEveryLetter } from '../support/every-letter.ts';
import { fieldOf, mailsIn, type OutboxMail } from '../support/outbox-mail.ts';
import { samplePublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const languages = ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'];
const variables = { SILKPOST_URL: 'https://dispatch.example' };
/** Scores a message without a network; null where it isn't installed. */
const spamassassin = findProgram('spamassassin');
/** Gmail cuts a mail off at about 102 KB of HTML. */
const maxHtmlBytes = 95_000;

let folder: TemporaryFolder | null = null;
let settings: DkimSetting[] = [];
/** By language. */
const digests = new Map<string, OutboxMail>();
/** By kind and language: `confirm en`. */
const letters = new Map<string, OutboxMail>();
let test: OutboxMail;
/** What operators are told. */
let notice: OutboxMail;

/** What `spamassassin -t -L` gives each message. */
async function scoresOf(program: string, files: readonly string[]): Promise<number[]> {
  const { stdout } = await promisify(execFile)(program, ['-t', '-L', ...files], { maxBuffer: 64 * 1024 * 1024 });
  return [...stdout.matchAll(/^Content analysis details:\s+\(([-\d.]+) points/gm)].map(([, points]) => Number(points));
}

afterAll(() => folder?.remove());

beforeAll(async () => {
  folder = await createTemporaryFolder();
  const dir = await samplePublication(folder.path);
  const silkpost = async (...words: string[]) => {
    const ended = await silkpostHere([...words, '--dir', dir], variables);
    if (ended.code !== 0) throw new Error(`silkpost ${words.join(' ')}: ${ended.stderr}`);
    return ended.stdout;
  };
  const { keys } = JSON.parse(await silkpost('dkim', 'new', '--json'));
  settings = keys.map(({ domain, selector, keyFile }: DkimSetting) => {
    return { domain, selector, keyFile: join(dir, keyFile), omit: [] };
  });
  const file = join(dir, 'silkpost.yaml');
  const entries = keys.map(({ domain, selector, keyFile }: DkimSetting) =>
    JSON.stringify({ domain, selector, keyFile }),
  );
  const more = `  dkim: [${entries.join(', ')}]\nbounces: { domain: bounces.dispatch.example }\noperators: { notify: [ops@example.com] }\n`;
  await writeFile(file, `${(await readFile(file, 'utf8')).trimEnd()}\n${more}`);
  const rows = languages.map((lang) => `${lang}@example.com,Ани ${lang},${lang}\n`);
  await writeFile(join(dir, 'readers.csv'), `email,name,lang\n${rows.join('')}`);
  await silkpost('subscribers', 'import', join(dir, 'readers.csv'), '--consent', 'test');
  const id = (await silkpost('send', 'weekly', '--since', '2020-01-01', '--yes')).trim();
  for (const mail of await mailsIn(join(dir, 'var', 'outbox', id))) {
    digests.set(/\b(\w\w)@example/.exec(fieldOf(mail, 'To'))?.[1] ?? '', mail);
  }
  await silkpost('send', 'weekly', '--since', '2020-01-01', '--articles', 'icj-order', '--test', 'editor@example.com');
  const [only] = await mailsIn(join(dir, 'var', 'outbox', 'test'));
  if (!only) throw new Error('no test copy');
  test = only;
  const app = await openApp(readConfig({ dir, environment: variables }));
  try {
    await sendEveryLetter(app, languages);
    const sentence = 'weekly-2026-11-27T0300Z is held: its time was missed by more than its grace.';
    const whatToDo = 'silkpost editions approve weekly-2026-11-27T0300Z lets it go, cancel gives it up.';
    await app.postRoom.notices.tell({ kind: 'held', editionId: 'weekly-2026-11-27T0300Z', sentence, whatToDo });
    await app.postRoom.tellOperators(new AbortController().signal);
  } finally {
    await app.close();
  }
  const [told] = await mailsIn(join(dir, 'var', 'outbox', 'notice'));
  if (!told) throw new Error('no notice');
  notice = told;
  for (const kind of letterKinds) {
    for (const mail of await mailsIn(join(dir, 'var', 'outbox', kind))) {
      letters.set(`${kind} ${fieldOf(mail, 'Content-Language')}`, mail);
    }
  }
}, 300_000);

const dates = /^\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/;
const messageIds = /^<[^@<> ]+@dispatch\.example>$/;
const alternative = /^multipart\/alternative; boundary="[^"]+"$/;

const signatures = ['rsa-sha256', 'ed25519-sha256'].map((algorithm) => [
  'DKIM-Signature',
  expect.stringContaining(`a=${algorithm}; c=relaxed/relaxed; d=dispatch.example;`),
]);

describe('a digest', () => {
  it.each(languages)('has in %s every header that the big receivers ask for, each once', (lang) => {
    const mail = digests.get(lang);
    if (!mail) throw new Error(`no digest in ${lang}`);
    expect(mail.fields).toEqual([
      ...signatures,
      ['From', 'The Caucasus Dispatch <digest@dispatch.example>'],
      ['To', expect.stringMatching(new RegExp(`^=\\?UTF-8\\?B\\?.*\\?= <${lang}@example\\.com>$`))],
      ['Subject', expect.stringMatching(/./)],
      ['Date', expect.stringMatching(dates)],
      ['Message-ID', expect.stringMatching(messageIds)],
      ['Reply-To', 'desk@dispatch.example'],
      ['List-Id', expect.stringMatching(/ <weekly\.dispatch\.example>$/)],
      [
        'List-Unsubscribe',
        expect.stringMatching(
          /^<https:\/\/dispatch\.example\/[^<>, ]*unsubscribe\/[^<>, ]+>, <mailto:[^<>, ]+@bounces\.dispatch\.example\?subject=unsubscribe>$/,
        ),
      ],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
      ['List-Post', 'NO'],
      ['List-Archive', '<https://dispatch.example/newsletters/weekly>'],
      ['Precedence', 'bulk'],
      ['Feedback-ID', expect.stringMatching(/^weekly-[^: ]+:weekly:digest:silkpost$/)],
      ['Auto-Submitted', 'auto-generated'],
      ['Content-Language', lang],
      ['MIME-Version', '1.0'],
      ['Content-Type', expect.stringMatching(alternative)],
    ]);
    const local = mail.envelopeFrom.replace('@bounces.dispatch.example', '');
    expect(local).toMatch(/^[a-z0-9.=_-]{1,64}$/);
    const at = Date.parse(fieldOf(mail, 'Date'));
    expect(Math.abs(Date.now() - at)).toBeLessThan(600_000);
  });

  it('has another Message-ID and return path for each reader', () => {
    const mails = [...digests.values()];
    expect(new Set(mails.map((mail) => fieldOf(mail, 'Message-ID'))).size).toBe(languages.length);
    expect(new Set(mails.map(({ envelopeFrom }) => envelopeFrom)).size).toBe(languages.length);
  });
});

describe('a test copy', () => {
  it('is signed, and has nothing of a list’s', async () => {
    expect(test.fields.map(([name]) => name)).toEqual([
      ...signatures.map(([name]) => name),
      ...['From', 'To', 'Subject', 'Date', 'Message-ID', 'Reply-To', 'Auto-Submitted', 'Content-Language'],
      ...['MIME-Version', 'Content-Type'],
    ]);
    expect((await simpleParser(test.raw)).subject).toMatch(/^\[Test\] /);
    expect(test.envelopeFrom).toBe('digest@dispatch.example');
  });
});

describe('a notice to operators', () => {
  it('is signed, says what to do, and has nothing of a list’s', async () => {
    expect(notice.fields).toEqual([
      ...signatures,
      ['From', 'The Caucasus Dispatch <digest@dispatch.example>'],
      ['To', 'ops@example.com'],
      ['Subject', expect.stringMatching(/./)],
      ['Date', expect.stringMatching(dates)],
      ['Message-ID', expect.stringMatching(messageIds)],
      ['Auto-Submitted', 'auto-generated'],
      ['Content-Language', 'en'],
      ['MIME-Version', '1.0'],
      ['Content-Type', 'text/plain; charset=utf-8'],
      ['Content-Transfer-Encoding', 'quoted-printable'],
    ]);
    const { subject, text } = await simpleParser(notice.raw);
    expect(subject).toMatch(/^\[The Caucasus Dispatch\] weekly-2026-11-27T0300Z is held/);
    expect(text).toContain('silkpost editions approve weekly-2026-11-27T0300Z lets it go');
    expect(notice.envelopeFrom).toBe('digest@dispatch.example');
  });
});

const everyLetter = letterKinds.flatMap((kind) => languages.map((lang) => `${kind} ${lang}`));

describe('a letter to a single reader', () => {
  it.each(everyLetter)('has just the header of a mail from one to one, and nothing of a list’s: %s', (which) => {
    const mail = letters.get(which);
    const [kind, lang] = which.split(' ');
    if (!mail) throw new Error(`no letter ${which}`);
    expect(mail.fields).toEqual([
      ...signatures,
      ['From', 'The Caucasus Dispatch <digest@dispatch.example>'],
      ['To', `${kind}.${lang}@example.com`],
      ['Subject', expect.stringMatching(/./)],
      ['Date', expect.stringMatching(dates)],
      ['Message-ID', expect.stringMatching(messageIds)],
      ['Reply-To', 'desk@dispatch.example'],
      ['Auto-Submitted', 'auto-generated'],
      ['Content-Language', lang],
      ['MIME-Version', '1.0'],
      ['Content-Type', expect.stringMatching(alternative)],
    ]);
    expect(mail.envelopeFrom).toMatch(/^xb-[a-z0-9]+-[a-z0-9]{20}@bounces\.dispatch\.example$/);
  });

  it('has a Message-ID and a return path of its own', () => {
    const mails = [...letters.values()];
    expect(new Set(mails.map((mail) => fieldOf(mail, 'Message-ID'))).size).toBe(everyLetter.length);
    expect(new Set(mails.map(({ envelopeFrom }) => envelopeFrom)).size).toBe(everyLetter.length);
  });
});

function mailOf(which: string): OutboxMail {
  const single = { test, notice };
  const mail = which === 'test' || which === 'notice' ? single[which] : (digests.get(which) ?? letters.get(which));
  if (!mail) throw new Error(`no mail ${which}`);
  return mail;
}

describe.each([...languages, 'test', 'notice', ...everyLetter])('the sample’s mail (%s)', (which) => {
  const get = (): Buffer => mailOf(which).raw;

  it('passes by both signatures', async () => {
    const keys = await readDkimKeys(settings, () => {});
    expect(await verifyDkim(get(), keys)).toEqual(bothPass);
  });

  it('is ASCII, with CRLF alone, lines that every server takes, and none to be stuffed', () => {
    const text = get().toString('latin1');
    expect(text).toMatch(/^[\x20-\x7e\t\r\n]*$/);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = text.split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(lines.filter((line) => line.startsWith('.'))).toEqual([]);
  });
});

describe.each([...languages, 'test', ...everyLetter])('the sample’s mail in HTML (%s)', (which) => {
  const get = (): Buffer => mailOf(which).raw;

  it('is text first and real, and HTML that Gmail shows whole, both quoted-printable', async () => {
    const raw = get().toString('latin1');
    expect(raw.match(/^Content-(?:Type: text|Transfer).*/gm)).toEqual(
      ['plain', 'html'].flatMap((type) => [
        `Content-Type: text/${type}; charset=utf-8`,
        'Content-Transfer-Encoding: quoted-printable',
      ]),
    );
    const mail = await simpleParser(get());
    expect(mail.text?.length).toBeGreaterThan(300);
    expect(Buffer.byteLength(mail.html || '')).toBeLessThanOrEqual(maxHtmlBytes);
  });
});

// Where it isn't installed the others stand alone.
if (spamassassin !== null) {
  describe('SpamAssassin', () => {
    it('gives each mail of the sample at most one point', async () => {
      const files = [...digests.values(), test, notice, ...letters.values()].map(({ file }) => file);
      const scores = await scoresOf(spamassassin, files);
      expect(scores).toHaveLength(files.length);
      expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    });
  });
}
