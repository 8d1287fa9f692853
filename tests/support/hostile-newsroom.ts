import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plusMs } from '../../src/clock.ts';
import type { Edition } from '../../src/digest/index.ts';
import { openConsole, type TestConsole } from './console.ts';
import { rawRequest } from './http.ts';
import { payloads } from './payloads.ts';
import { smallPublication } from './publication-folder.ts';
import { newReader } from './reader-store.ts';
import { type Script, startSmtpSink } from './smtp-sink.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface HostileNewsroom extends TestConsole {
  /** Sent, with readers who got it, who were refused, who wait, and one in doubt. */
  readonly sent: Edition;
  /** The draft of the next weekly. */
  readonly draft: Edition;
}

/** A title in each script that mails are written in, which no payload has. */
const scripts: Readonly<Record<string, string>> = { hy: 'Կամուրջ', ka: 'ხიდი', fa: 'پل', en: 'A bridge' };

const dayMs = 86_400_000;

/** In the outbox's folder `test`. */
export const mailFile = '1-ann%40courier.test.eml';

/**
 * A publication whose every text means harm: articles, names of readers and operators, what relays answered, what feed
 * readers call themselves. One edition of it has gone out, the next is a draft.
 */
export async function hostileNewsroom(closeLater: (close: () => Promise<void>) => void): Promise<HostileNewsroom> {
  const home = await createTemporaryFolder();
  closeLater(() => home.remove());
  const folder = await smallPublication(home.path);
  await writeArticles(folder);
  await editConfiguration(folder);
  const sink = await startSmtpSink({ script: relay, closeLater });
  const desk = await openConsole({
    folder,
    closeLater,
    environment: { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` },
  });
  const { app } = desk;
  await app.rebuild();
  const now = app.clock.now();
  await app.subscribers.addSubscribers(
    Object.keys(answers).map((name, index) =>
      newReader(`${name}@courier.test`, {
        name: payloads[index] ?? '',
        languages: [['en', 'fa', 'hy', 'ka'][index % 4] ?? 'en'],
        newsletters: ['weekly', 'daily'],
        consent: payloads[index] ?? '',
      }),
    ),
    now,
  );
  await app.subscribers.suppress('kept-out@courier.test', payloads[0] ?? '', now);
  await Promise.all(
    payloads.map((agent) =>
      rawRequest(desk.url, '/rss.xml', { headers: { 'user-agent': `${agent}; 12 subscribers; feed-id=${agent}` } }),
    ),
  );
  await writeMail(folder);
  const sent = await send(desk);
  await app.desk.runDue();
  const [draft] = await app.editions.listEditions({ newsletter: 'weekly', states: ['draft'] });
  if (draft === undefined) throw new Error('There is no draft of the weekly.');
  await desk.get(`/no/${encodeURIComponent(payloads[0] ?? '')}`);
  return { ...desk, sent, draft };
}

async function send({ app }: TestConsole): Promise<Edition> {
  const newsletter = app.config.newsletters.find(({ name }) => name === 'daily');
  if (newsletter === undefined) throw new Error('There is no daily.');
  const edition = await app.desk.open({
    newsletter,
    dueAt: app.clock.now(),
    trigger: 'manual',
    selection: { since: plusMs(app.clock.now(), -30 * dayMs), slugs: null },
  });
  await app.desk.release(edition);
  await app.postRoom.sendUntilIdle(edition.id, () => {});
  return (await app.editions.findEdition(edition.id)) ?? edition;
}

/** What the relay says to each reader; null: it takes the mail. */
const answers: Readonly<Record<string, string | null>> = {
  ann: null,
  bob: null,
  cem: null,
  dan: null,
  eve: `550 5.1.1 ${payloads[0]}`,
  fay: `550 5.7.1 ${payloads[1]}`,
  gia: `451 4.3.0 ${payloads[3]}`,
  hal: 'drop',
};

const relay: Script = ({ phase, to }) => {
  const answer = answers[to.split('@')[0] ?? ''] ?? null;
  if (answer === 'drop') return phase === 'dot' ? 'drop' : null;
  return answer !== null && phase === 'rcpt' ? { answer } : null;
};

async function editConfiguration(folder: string): Promise<void> {
  const file = join(folder, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  const title = JSON.stringify(payloads[1]);
  const daily = `  daily:\n    title: { en: ${title} }\n    schedule: 0 7 * * *\n    draftLead: 0s\n`;
  await writeFile(
    file,
    yaml
      .replace('languages: [en, fa]', 'languages: [en, fa, hy, ka]')
      .replace('title: { en: The Hill Courier, fa: پیک }', `title: { en: ${title}, fa: پیک }`)
      .replace('title: { en: Armenia }', `title: { en: ${title} }`)
      .replace('    schedule: 0 7 * * FRI\n', `    schedule: 0 7 * * FRI\n    draftLead: 7d\n${daily}`),
  );
}

async function writeArticles(folder: string): Promise<void> {
  await mkdir(join(folder, 'content'), { recursive: true });
  const write = (name: string, fields: Readonly<Record<string, unknown>>, body: string): Promise<void> =>
    // JSON is YAML.
    writeFile(
      join(folder, 'content', `${name}.md`),
      `---\n${Object.entries(fields)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join('\n')}\n---\n\n${body}\n`,
    );
  for (const [index, payload] of payloads.entries()) {
    const fields = {
      title: payload,
      summary: payload,
      date: plusMs(new Date().toISOString(), -(index + 1) * 3_600_000),
      authors: [{ name: payload }],
      countries: ['armenia'],
      place: { name: payload },
      sources: [{ title: payload, url: 'https://source.example/' }],
      corrections: [{ date: plusMs(new Date().toISOString(), -600_000), text: payload }],
    };
    await write(`hostile-${index}`, fields, payload);
  }
  for (const [lang, title] of Object.entries(scripts)) {
    const date = plusMs(new Date().toISOString(), -60_000);
    const name = lang === 'en' ? 'bridge' : `bridge.${lang}`;
    await write(name, { title, summary: `${title} TK`, date, lang, countries: ['georgia'] }, title);
  }
  await write(
    'embargo',
    { title: payloads[0], summary: payloads[0], date: plusMs(new Date().toISOString(), dayMs) },
    'x',
  );
  await write('draft', { title: payloads[1], summary: payloads[1], date: '2026-01-01', status: 'draft' }, 'x');
  await write('broken', { title: payloads[0], [payloads[1] ?? 'x']: payloads[2], date: payloads[3] }, 'x');
}

async function writeMail(folder: string): Promise<void> {
  const outbox = join(folder, 'var', 'outbox', 'test');
  await mkdir(outbox, { recursive: true });
  const head = `From: "${payloads[2]}" <a@courier.test>\r\nTo: ann@courier.test\r\nSubject: ${payloads[3]}\r\n`;
  const type = 'Date: Fri, 27 Nov 2026 03:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n';
  await writeFile(join(outbox, mailFile), `${head}${type}\r\n<p>What a mail may hold is tried elsewhere.</p>\r\n`);
}
