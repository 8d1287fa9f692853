import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { rawRequest } from '../support/http.ts';
import { smallPublication } from '../support/publication-folder.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Running {
  readonly app: App;
  readonly clock: FixedClock;
  /** Status and where it leads. */
  answer(path: string): Promise<string>;
  text(path: string): Promise<string>;
  close(): Promise<void>;
}

/** The app as it runs: served, and watching its folder. */
async function run(dir: string): Promise<Running> {
  const clock = fixedClock('2026-03-02T12:00:00Z');
  const app = await openApp(readConfig({ dir, environment: {} }), { clock });
  await app.rebuild();
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  app.watch(() => {});
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= server.close().then(() => app.close());
    return closing;
  };
  onTestFinished(close);
  return {
    app,
    clock,
    text: async (path) => (await rawRequest(server.url, path)).body.toString(),
    async answer(path) {
      const { status, headers } = await rawRequest(server.url, path);
      return [status, headers.location].filter((part) => part !== undefined).join(' ');
    },
    close,
  };
}

describe('the address of an article that got another slug', () => {
  it('leads to the new one, for its picture too and after a restart, and answers 410 once it is withdrawn', async () => {
    const dir = await smallPublication();
    const file = join(dir, 'content', 'bridge.md');
    const save = (more: string): Promise<void> =>
      writeFile(
        file,
        `---\ntitle: A bridge\nsummary: It opened.\ndate: 2026-03-01\nimage: { src: map.png, alt: Map }\n${more}---\n\nText.\n`,
      );
    await writeFile(join(dir, 'content', 'map.png'), png);
    await save('');
    const first = await run(dir);
    const [before, after] = ['/articles/bridge', '/articles/new-bridge'];
    expect([await first.answer(before), await first.answer(after)]).toEqual(['200', '404']);

    const moved = [`301 ${after}`, `301 ${after}/map.png`, `301 ${after}?from=mail`, '200', '200'];
    const answers = ({ answer }: Running): Promise<string[]> =>
      Promise.all([before, `${before}/map.png`, `${before}?from=mail`, after, `${after}/map.png`].map(answer));
    // Saved until the watcher, which takes a moment to begin, has seen it.
    const untilSeen = async (running: Running, more: string, expected: readonly string[]): Promise<void> => {
      await expect
        .poll(
          async () => {
            await save(more);
            return answers(running);
          },
          { timeout: 10_000, interval: 200 },
        )
        .toEqual(expected);
    };
    await untilSeen(first, 'slug: new-bridge\n', moved);
    await first.close();

    const second = await run(dir);
    expect(await answers(second)).toEqual(moved);
    const gone = Array(5).fill('410');
    await untilSeen(second, 'slug: new-bridge\nstatus: withdrawn\n', gone);
    await second.close();
    await rm(file);
    expect(await answers(await run(dir))).toEqual(gone);
  });

  it('is the next one’s that takes it', async () => {
    const dir = await smallPublication();
    const write = (name: string, slug: string, day: string): Promise<void> =>
      writeFile(
        join(dir, 'content', name),
        `---\ntitle: A bridge\nsummary: It opened.\ndate: 2026-03-0${day}\nslug: ${slug}\n---\n\nText of ${name}.\n`,
      );
    await write('a.md', 'bridge', '1');
    const { app, answer } = await run(dir);
    await write('a.md', 'old-bridge', '1');
    await write('b.md', 'bridge', '2');
    await app.rebuild();
    expect([await answer('/articles/bridge'), await answer('/articles/old-bridge')]).toEqual(['200', '200']);
  });
});

describe('an article that was out and gets a date in the future', () => {
  it('is gone from its page and its feeds alike, and back in both when the date comes', async () => {
    const dir = await smallPublication();
    const write = (date: string): Promise<void> =>
      writeFile(
        join(dir, 'content', 'bridge.md'),
        `---\ntitle: A bridge\nsummary: It opened.\ndate: ${date}\n---\n\nText.\n`,
      );
    await write('2026-03-01');
    const { app, clock, answer, text } = await run(dir);
    const id = app.catalog.published().findBySlug('en', 'bridge')?.id ?? '';
    expect(await text('/atom.xml')).toContain(`<id>${id}</id>`);

    await write('2026-03-03T12:00:00Z');
    await app.rebuild();
    const gone = await text('/atom.xml');
    expect(await answer('/articles/bridge')).toBe('410');
    expect(gone).toContain(`<at:deleted-entry ref="${id}"`);
    expect(gone).not.toContain(`<id>${id}</id>`);

    clock.set('2026-03-03T12:00:00Z');
    await app.rebuild();
    const back = await text('/atom.xml');
    expect(await answer('/articles/bridge')).toBe('200');
    expect(back).not.toContain('at:deleted-entry');
    expect(back).toContain(`<id>${id}</id>`);
  });
});
