import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { threadId } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Crew, createCrew } from '../src/crew.ts';
import { createCrewWork } from '../src/crew-work.ts';
import { articleOf, siteOf } from './support/feed-fixtures.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { crewMark, trialWork } from './support/trial-work.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function trialCrew(worksHere = false, startsAtOnce = false): Crew<typeof trialWork> {
  const entry = new URL('./support/crew-thread.ts', import.meta.url);
  const crew = createCrew({ work: trialWork, entry, setup: crewMark, worksHere, startsAtOnce });
  onTestFinished(() => crew.close());
  return crew;
}

describe('map', () => {
  it.each([0, 1, 199, 200, 1000])('gives the results of %i items in their order', async (count) => {
    const crew = trialCrew();
    expect(await crew.map('square', numbers(count))).toEqual(numbers(count).map(trialWork.square));
    expect(await crew.map('slow', numbers(count))).toEqual(numbers(count).map(String));
  });

  it('does little in this thread and much in others', async () => {
    const crew = trialCrew();
    expect(new Set(await crew.map('thread', numbers(10)))).toEqual(new Set([threadId]));
    expect(await crew.map('thread', numbers(1000))).not.toContain(threadId);
  });

  it('does little in threads too where these were to start at once', async () => {
    const crew = trialCrew(false, true);
    expect(await crew.map('thread', numbers(10))).not.toContain(threadId);
  });

  it('does a share of much in this thread where nobody else needs it', async () => {
    const crew = trialCrew(true);
    expect(await crew.map('slow', numbers(1000))).toEqual(numbers(1000).map(String));
    const threads = new Set(await crew.map('thread', numbers(10_000)));
    expect(threads).toContain(threadId);
    expect(threads.size).toBe(availableParallelism());
    await expect(crew.map('picky', numbers(1000))).rejects.toThrow('777 is not taken');
    expect(await crew.map('deadly', numbers(300))).toEqual(numbers(300));
  });

  it('lets several calls share the threads', async () => {
    const crew = trialCrew();
    const [squares, texts, bytes] = await Promise.all([
      crew.map('square', numbers(500)),
      crew.map('slow', numbers(300)),
      crew.map('bytes', numbers(400)),
    ]);
    expect(squares).toEqual(numbers(500).map(trialWork.square));
    expect(texts).toEqual(numbers(300).map(String));
    expect(bytes).toEqual(numbers(400).map(trialWork.bytes));
  });

  it('says how far it is, up to the end', async () => {
    const crew = trialCrew();
    const told: number[] = [];
    await crew.map('square', numbers(1000), (done) => told.push(done));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(1000);
  });

  it('rejects with what an item is at fault for, here and in a thread, and goes on working', async () => {
    const crew = trialCrew();
    await expect(crew.map('picky', [776, 777, 778])).rejects.toThrow('777 is not taken');
    await expect(crew.map('picky', numbers(1000))).rejects.toThrow('777 is not taken');
    expect(await crew.map('picky', numbers(700))).toEqual(numbers(700));
  });

  it('does in this thread what one that died left undone, and hires another', async () => {
    const crew = trialCrew();
    expect(await crew.map('deadly', numbers(300))).toEqual(numbers(300));
    expect(await crew.map('square', numbers(300))).toEqual(numbers(300).map(trialWork.square));
  });

  it.each([false, true])('rejects what was not done when the crew is closed (work here: %s)', async (worksHere) => {
    const crew = trialCrew(worksHere);
    await crew.map('square', numbers(300));
    const refused = expect(crew.map('endless', numbers(300))).rejects.toMatchObject({ code: 'internal' });
    await nextTurn();
    await crew.close();
    await refused;
  });
});

describe('close', () => {
  it('ends the threads, so that the process ends too', async () => {
    const program = fileURLToPath(new URL('./support/crew-process.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toBe('998001\n');
  });

  it('may be called before and after work, and twice', async () => {
    const crew = trialCrew();
    await crew.close();
    expect(await crew.map('square', numbers(300))).toHaveLength(300);
    await crew.close();
    await crew.close();
    expect(await crew.map('square', numbers(300))).toHaveLength(300);
  });
});

describe('createCrewWork', () => {
  it('reads, renders and sets in threads as in this one', async () => {
    const contentDir = join((await temporaryFolder()).path, 'content');
    await mkdir(contentDir);
    const paths = numbers(250).map((number) => `a${number}.md`);
    for (const [number, path] of paths.entries()) {
      const text =
        number % 10 === 3
          ? 'no front matter'
          : `---\ntitle: T${number}\nsummary: S.\ndate: 2023-01-01\n---\n*${number}*\n`;
      await writeFile(join(contentDir, path), text);
    }
    const setup = { site: siteOf(), contentDir, givesWay: true };
    const work = createCrewWork(setup);
    const crew = createCrew({ work, entry: new URL('../src/crew-thread.ts', import.meta.url), setup });
    onTestFinished(() => crew.close());

    const read = await crew.map('read', paths);
    const here = [];
    for (const path of paths) here.push(await work.read(path));
    expect(read).toEqual(here);
    expect(read.filter((result) => result.read === null)).toHaveLength(25);

    const orders = read.flatMap((result) => {
      if (result.read === null) return [];
      const { article, bodyHash } = result.read;
      const order = { article: articleOf({ ...article, id: `urn:${article.slug}` }), bodyHash };
      return [{ ...order, now: '2023-01-02T00:00:00.000Z' }];
    });
    const rendered = await crew.map('render', orders);
    expect(rendered.map(({ html }) => html)).toEqual(
      orders.map(({ article }) => `<p><em>${article.slug.slice(1)}</em></p>\n`),
    );

    const full = orders.map(({ article }, index) => ({ ...article, html: rendered[index]?.html ?? '' }));
    const sets = await crew.map('set', full);
    expect(sets.map(({ rss }) => (rss instanceof Uint8Array ? Buffer.from(rss).toString() : rss))).toEqual(
      full.map(work.set).map(({ rss }) => (rss instanceof Uint8Array ? Buffer.from(rss).toString() : rss)),
    );
    expect(await crew.map('renderAndSet', orders)).toEqual(
      rendered.map((result, index) => ({ rendered: result, set: sets[index] })),
    );
  });
});
