import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openApp } from '../../../../src/app.ts';
import { readConfig } from '../../../../src/config/index.ts';
import type { ImportJob } from '../../../../src/subscribers/index.ts';
import { closeAfterAll } from '../../../support/close-after-all.ts';
import type { TestConsole } from '../../../support/console.ts';
import { smallPublication } from '../../../support/publication-folder.ts';
import { newReader } from '../../../support/reader-store.ts';
import { openSharedConsole } from '../../../support/shared-console.ts';
import { createTemporaryFolder } from '../../../support/temporary-folder.ts';

let desk: TestConsole;

const closeLater = closeAfterAll();
beforeAll(async () => {
  desk = await openSharedConsole(closeLater);
});

/** As a browser sends it: the file streams. */
async function upload(name: string, text: string, cookie = desk.cookie): Promise<{ status: number; body: string }> {
  const form = new FormData();
  form.append('file', new File([text], name));
  const answer = await fetch(desk.at('/readers/import'), {
    method: 'POST',
    body: form,
    headers: { cookie, origin: desk.url },
    redirect: 'manual',
  });
  return { status: answer.status, body: await answer.text() };
}

async function jobNow(): Promise<ImportJob> {
  const job = await desk.app.importRoom.find();
  if (job === null) throw new Error('There is no import.');
  return job;
}

const ended = (): Promise<void> =>
  vi.waitFor(async () => expect((await jobNow()).state).not.toBe('running'), { timeout: 60_000, interval: 50 });

const files = (): Promise<string[]> => readdir(join(desk.app.config.paths.data, 'imports'));

function rows(count: number, prefix: string): string {
  const lines = Array.from({ length: count }, (_, n) => `${prefix}${n}@example.com,Reader ${n}`);
  return `email,name\n${lines.join('\n')}\n`;
}

describe('/console/readers/import', () => {
  it('brings in 20,000 readers while it is watched, and reports those that were left out', async () => {
    const text = `${rows(20_000, 'r')}no address,Nobody\n=cmd@@example.com,"=1+1"\n`;
    expect((await upload('Կարդացողներ.csv', text)).status).toBe(303);
    const [waiting = ''] = await files();
    const { mode } = await stat(join(desk.app.config.paths.data, 'imports', waiting));
    expect(mode & 0o777).toBe(0o600);
    const page = String((await desk.get('/readers/import')).body);
    expect(page).toContain('Կարդացողներ.csv');
    expect(page).toContain('Of the first 20,000 rows, 20000 can be taken');
    expect(page).toContain('r0@example.com');
    const { id } = await jobNow();
    const asked = await desk.post('/readers/import/start', { job: String(id), consent: ' ' });
    expect(asked.status).toBe(422);
    expect(String(asked.body)).toContain('id="consent-error"');
    const start = { job: String(id), consent: 'At the fair.', newsletter: 'weekly' };
    expect((await desk.post('/readers/import/start', start)).status).toBe(303);
    // Somebody else's file waits its turn.
    expect((await upload('other.csv', rows(1, 'x'))).status).toBe(422);
    const events = String((await desk.get('/readers/import/progress', { accept: 'text/event-stream' })).body);
    expect(events).toMatch(/event: figures\n.*event: deeds\n.*event: end\n/s);
    await ended();
    expect(await jobNow()).toMatchObject({ state: 'done', counts: { rows: 20_002, added: 20_000, refused: 2 } });
    expect(await desk.app.subscribers.countReaders('weekly', desk.app.clock.now())).toBe(20_000);
    expect(await files()).toEqual([]);
    const report = await desk.get('/readers/import/refused.csv');
    expect(String(report.body)).toMatch(
      /^line,email,column,reason\r\n20002,no address,email,.*20003,'=cmd@@example.com,/s,
    );
    const [consent] = await desk.app.subscribers.listConsents(1);
    expect(consent).toMatchObject({ what: 'vouched', how: 'import', wording: 'At the fair.' });
  });

  it('keeps what two people upload at once apart, and takes away what was left behind', async () => {
    const folder = join(desk.app.config.paths.data, 'imports');
    await writeFile(join(folder, 'upload-being-written'), 'email\n');
    await writeFile(join(folder, 'upload-left-behind'), 'email\n');
    await utimes(join(folder, 'upload-left-behind'), 1, 1);
    const both = await Promise.all([upload('one.csv', rows(300, 'p')), upload('two.csv', rows(300, 'q'))]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const { id } = await jobNow();
    expect((await files()).sort()).toEqual([`${id}.csv`, 'upload-being-written']);
    await utimes(join(folder, 'upload-being-written'), 1, 1);
    await desk.post('/readers/import/remove', { job: String(id) });
    expect(await files()).toEqual([]);
  });

  it('stops when it is told to, and adds nobody twice when it begins anew', async () => {
    await upload('second.csv', rows(5000, 's'));
    const job = { job: String((await jobNow()).id) };
    await desk.post('/readers/import/start', { ...job, consent: 'At the fair.', newsletter: 'weekly' });
    await vi.waitFor(async () => expect((await jobNow()).counts.rows).toBeGreaterThan(0), { timeout: 20_000 });
    await desk.post('/readers/import/stop', job);
    const stopped = await jobNow();
    expect(stopped.state).toBe('stopped');
    expect(stopped.counts.rows).toBeLessThan(5000);
    await desk.post('/readers/import/again', job);
    await ended();
    const { counts } = await jobNow();
    expect(counts.added + counts.unchanged).toBe(5000);
    expect(counts.unchanged).toBeGreaterThanOrEqual(stopped.counts.rows);
    await desk.post('/readers/import/remove', job);
    expect(await desk.app.importRoom.find()).toBeNull();
  });

  it('says where it was interrupted when the program ends, and adds the rest when it begins anew', async () => {
    const folder = await createTemporaryFolder();
    onTestFinished(() => folder.remove());
    const config = readConfig({ dir: await smallPublication(folder.path), environment: {} });
    const first = await openApp(config);
    await first.importRoom.take('long.csv', Readable.from([Buffer.from(rows(4000, 'i'))]));
    const id = (await first.importRoom.find())?.id ?? 0;
    await first.importRoom.start(id, { consent: 'At the fair.', newsletters: ['weekly'] });
    await vi.waitFor(async () => expect((await first.importRoom.find())?.counts.rows).toBeGreaterThan(0), 20_000);
    await first.close();
    const second = await openApp(config);
    onTestFinished(() => second.close());
    const job = await second.importRoom.find();
    expect(job?.state).toBe('interrupted');
    expect(await second.subscribers.countReaders('weekly', second.clock.now())).toBeGreaterThanOrEqual(
      job?.counts.rows ?? 0,
    );
    await second.importRoom.start(id, { consent: 'At the fair.', newsletters: ['weekly'] });
    await vi.waitFor(async () => expect((await second.importRoom.find())?.state).toBe('done'), 60_000);
    expect(await second.subscribers.countReaders('weekly', second.clock.now())).toBe(4000);
    expect(await second.subscribers.listConsents(1)).toHaveLength(1);
  });

  it.each([
    ['photo.png', '\u0089PNG\r\n\u001a\n\u0000\u0000', 'no column email'],
    ['empty.csv', '', 'The file is empty'],
    ['', '', 'Choose a file'],
    ['names.csv', 'name\nAnn\n', 'no column email'],
  ])('refuses %s with a sentence, and keeps no file', async (name, text, sentence) => {
    const { status, body } = await upload(name, text);
    expect(status).toBe(422);
    expect(body).toContain(sentence);
    expect(await files()).toEqual([]);
  });

  it('is the owner’s alone, and takes no form of another kind', async () => {
    const sender = await desk.signIn('sender');
    expect((await upload('a.csv', rows(1, 'a'), sender.cookie)).status).toBe(403);
    expect((await desk.post('/readers/import', { file: 'x' })).status).toBe(422);
    expect((await desk.post('/readers/import/start', { job: '999' })).status).toBe(303);
  });
});

describe('/console/readers/export', () => {
  it('writes what the import takes back, for owners alone', async () => {
    await desk.app.subscribers.addSubscribers(
      [newReader('zoe@example.com', { name: '=1+1', newsletters: ['weekly'] })],
      desk.app.clock.now(),
    );
    const answer = await desk.post('/readers/export', { newsletter: 'weekly', status: 'active' });
    expect(answer.headers['content-disposition']).toBe('attachment; filename="readers.csv"');
    const lines = String(answer.body).split('\r\n');
    expect(lines[0]).toMatch(/^email,name,languages/);
    expect(lines.filter((line) => line !== '')).toHaveLength(25_002);
    expect(String(answer.body)).toContain("zoe@example.com,'=1+1,");
    expect((await (await desk.signIn('sender')).post('/readers/export')).status).toBe(403);
  });
});
