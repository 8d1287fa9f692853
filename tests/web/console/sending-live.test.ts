import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { newReader } from '../../support/reader-store.ts';
import { type SinkOptions, startSmtpSink } from '../../support/smtp-sink.ts';

interface Heard {
  readonly name: string;
  readonly data: string;
}

/** A page that listens to an edition: what it has heard so far, and its end. */
async function listen(desk: TestConsole, id: string): Promise<{ heard: Heard[]; ended: Promise<void> }> {
  const answer = await fetch(desk.at(`/editions/${id}/sending/events`), {
    headers: { cookie: desk.cookie, accept: 'text/event-stream' },
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const heard: Heard[] = [];
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const name = /^event: (.*)$/m.exec(event)?.[1];
        const lines = event.split('\n').filter((line) => line.startsWith('data: '));
        if (name !== undefined) heard.push({ name, data: lines.map((line) => line.slice(6)).join('\n') });
      }
    }
  };
  return { heard, ended: read() };
}

const edition = { trigger: 'manual', selection: { since: null, slugs: ['bridge'] } } as const;

/** A newsroom whose relay is a sink, with so many readers; its edition is due. */
async function newsroom(
  readers: number,
  options: SinkOptions,
): Promise<{ desk: TestConsole; id: string; close: () => Promise<void> }> {
  const sink = await startSmtpSink(options);
  const folder = await smallPublication();
  await mkdir(join(folder, 'content'), { recursive: true });
  await writeFile(
    join(folder, 'content', 'bridge.md'),
    '---\ntitle: A bridge\nsummary: What happened.\ndate: 2026-11-24\n---\n\nThe text.\n',
  );
  const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}?tls=none` };
  let close = async (): Promise<void> => {};
  const desk = await openConsole({
    folder,
    environment,
    closeLater(end) {
      let ended: Promise<void> | undefined;
      close = () => {
        ended ??= end();
        return ended;
      };
    },
  });
  onTestFinished(() => close());
  const { app } = desk;
  await app.rebuild({});
  const all = Array.from({ length: readers }, (_, index) =>
    newReader(`reader${index}@example.com`, { newsletters: ['weekly'] }),
  );
  await app.subscribers.addSubscribers(all, app.clock.now());
  const [newsletter] = app.config.newsletters;
  if (!newsletter) throw new Error('There is no newsletter.');
  const { id } = await app.desk.open({ newsletter, dueAt: app.clock.now(), ...edition });
  return { desk, id, close };
}

const waitFor = <Value>(look: () => Value | Promise<Value>): Promise<Value> =>
  vi.waitFor(look, { timeout: 60_000, interval: 20 });

describe('/console/editions/ID/sending', () => {
  it('tells live how it goes, pauses and resumes it, and ends with it', async () => {
    let answered = 0;
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { desk, id } = await newsroom(40, {
      script: ({ phase, to }) =>
        phase === 'rcpt' && to === 'reader7@example.com' ? { answer: '550 5.1.1 <b>nobody</b> here' } : null,
      async beforeAnswer() {
        answered += 1;
        if (answered > 12) await gate;
      },
    });
    const mail = await desk.app.postRoom.start();
    onTestFinished(() => mail.stop());
    const { heard, ended } = await listen(desk, id);
    const newest = (name: string): string => heard.findLast((event) => event.name === name)?.data ?? '';
    await waitFor(() => expect(newest('said')).toBe('30 % done.'));
    expect(newest('acts')).toContain(`/editions/${id}/pause`);
    expect(newest('progress')).toMatch(/role="progressbar"[^>]*aria-valuenow="3\d"/);

    await desk.post(`/editions/${id}/pause`);
    open();
    await waitFor(() => expect(newest('said')).toBe('Paused by an operator.'));
    await waitFor(async () => expect((await desk.app.editions.getCounts(id)).attempting).toBe(0));
    const { sent } = await desk.app.editions.getCounts(id);
    expect(sent).toBeLessThan(39);
    expect((await desk.post(`/editions/${id}/pause`)).headers['set-cookie']?.[0]).toContain('paused%20already');

    await desk.post(`/editions/${id}/resume`);
    await ended;
    expect(heard.at(-1)).toEqual({ name: 'end', data: '' });
    expect(newest('said')).toBe('Sent.');
    expect(newest('head')).toContain('Sent');
    // At most one announcement a tenth, one for each state.
    expect(heard.filter(({ name }) => name === 'said').length).toBeLessThanOrEqual(16);
    expect(await desk.app.editions.getCounts(id)).toMatchObject({ candidates: 40, sent: 39, failed: 1 });
    const page = String((await desk.get(`/editions/${id}/sending`)).body);
    expect(page).toContain('&lt;b&gt;nobody&lt;/b&gt; here');
    expect(page).toContain('there is no such address');
    expect(page).not.toContain('sse-connect');
  });

  it('keeps nobody who stops the server waiting', async () => {
    const { desk, id, close } = await newsroom(1, {});
    const first = await listen(desk, id);
    const second = await listen(desk, id);
    await waitFor(() => expect(first.heard.length * second.heard.length).toBeGreaterThan(0));
    await close();
    await Promise.all([first.ended, second.ended]);
  });
  it('ends what it tells where it can’t go on, and the browser comes again', async () => {
    const { desk, id } = await newsroom(1, {});
    const beside = new DatabaseSync(desk.app.config.paths.database);
    onTestFinished(() => beside.close());
    // What only the buttons ask for, who are told after the progress.
    beside.exec('ALTER TABLE worker RENAME TO away');
    const { heard, ended } = await listen(desk, id);
    await ended;
    expect(heard.map(({ name }) => name)).toEqual(['progress', 'head']);
    beside.exec('ALTER TABLE away RENAME TO worker');
    expect((await desk.get(`/editions/${id}/sending`)).status).toBe(200);
  });
});
