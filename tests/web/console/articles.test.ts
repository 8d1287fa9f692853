import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { addReaders, freezeWeekly, openMailRoom } from '../../support/mailing.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const clock = fixedClock('2026-11-27T08:00:00.000Z');

/** Front matter besides title, summary and date, in which a field may be replaced. */
const files: Readonly<Record<string, string>> = {
  'tehran-talks.md':
    'id: tag:courier.example,2026:talks\ntitle: Talks in “Tehran”\ndate: 2026-11-20T10:00:00Z\ncountries: [armenia]\nsources: [{ title: <b>A ministry</b> }]\n',
  'tehran-talks.fa.md': 'title: گفت‌وگو در تهران\ndate: 2026-11-20T10:00:00Z\n',
  'rail-link.md': 'title: Rail link <script>\ndate: 2026-11-19\nstatus: draft\n',
  'budget.md': 'title: Budget vote\ndate: 2026-12-01T09:30:00+04:00\nunknown: 1\n',
  'court.md': 'title: Court decides\ndate: 2026-11-18\n',
  'broken.md': 'title: [\n',
};

let desk: TestConsole;
const closing: (() => Promise<void>)[] = [];

async function writeArticle(folder: string, name: string, fields: string): Promise<void> {
  const more = fields.includes('status:') ? '' : 'status: published\n';
  await writeFile(
    join(folder, 'content', name),
    `---\n${fields}summary: What it says.\n${more}---\n\nThe text of ${name}.\n`,
  );
}

beforeAll(async () => {
  const place = await createTemporaryFolder();
  closing.push(place.remove);
  const folder = await smallPublication(place.path);
  for (const [name, fields] of Object.entries(files)) await writeArticle(folder, name, fields);
  desk = await openConsole({ folder, clock, closeLater: (close) => closing.unshift(close) });
  await desk.app.rebuild();
  await rm(join(folder, 'content', 'court.md'));
  for (let number = 0; number < 60; number += 1) {
    await writeArticle(
      folder,
      `story-${number}.md`,
      `title: Story number ${number}\ndate: 2026-10-01T10:${String(number).padStart(2, '0')}:00Z\n`,
    );
  }
  await desk.app.rebuild({ acceptRemovals: true });
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
});

async function text(path: string): Promise<string> {
  const answer = await desk.get(path);
  expect(answer.status, path).toBe(200);
  return answer.body.toString();
}

/** Slugs of a page's table, in its order. */
function listed(page: string): string[] {
  return [...page.matchAll(/<th scope="row"><a href="\/console\/articles\/([^"]+)"/g)].map(([, path = '']) => path);
}

describe('/console/articles', () => {
  it('lists every article, the newest first, with its state, its times, its languages', async () => {
    const page = await text('/articles');
    expect(listed(page).slice(0, 5)).toEqual([
      'en/budget',
      'fa/tehran-talks',
      'en/tehran-talks',
      'en/rail-link',
      'en/court',
    ]);
    expect(page).toContain('1 draft, 1 scheduled, 62 published, 1 withdrawn');
    expect(page).toContain('1 Dec 2026, 09:30');
    expect(page).toContain('<a href="/console/articles/fa/tehran-talks" hreflang="fa">fa</a>');
    expect(page).toContain('lang="fa" dir="rtl">گفت‌وگو در تهران</a>');
    expect(page).toContain('Rail link &lt;script&gt;');
    expect(Buffer.byteLength(page)).toBeLessThan(60_000);
  });

  it('says on top what is wrong, where and what to do', async () => {
    const page = await text('/articles');
    expect(page).toMatch(/<code dir="ltr">content\/broken\.md:\d+:\d+<\/code>/);
    expect(page).toContain('left out until it is mended');
    const all = await text('/articles/problems');
    for (const { file, message } of desk.app.catalog.catalog().problems) {
      expect(all).toContain(file);
      expect(all).toContain(message.slice(0, 10));
    }
    expect(await text('/articles?q=talks')).not.toContain('What is wrong');
  });

  it.each([
    ['state=draft', ['en/rail-link']],
    ['state=scheduled', ['en/budget']],
    ['state=withdrawn', ['en/court']],
    ['lang=fa', ['fa/tehran-talks']],
    ['problems=1', ['en/budget']],
    ['q=%E2%80%9C', []],
    ['q=TEHRAN%20ta', ['fa/tehran-talks', 'en/tehran-talks']],
    ['q=%E2%80%9Ctehran%E2%80%9D', ['fa/tehran-talks', 'en/tehran-talks']],
    [`q=${encodeURIComponent('تهران')}`, ['fa/tehran-talks']],
    ['q=budg', ['en/budget']],
    ['q=ehran', []],
    ['q=%3Cscript%3E', ['en/rail-link']],
  ])('finds by %s', async (query, slugs) => {
    expect(listed(await text(`/articles?${query}`))).toEqual(slugs);
  });

  it('pages by key', async () => {
    const first = await text('/articles');
    expect(listed(first)).toHaveLength(50);
    const next = (/href="\/console([^"]+)">Next page/.exec(first)?.[1] ?? '').replaceAll('&amp;', '&');
    const second = await text(next);
    expect(listed(second)).toHaveLength(15);
    expect(new Set([...listed(first), ...listed(second)]).size).toBe(65);
    expect(second).not.toContain('Next page');
    expect(listed(await text('/articles?after=nonsense'))).toHaveLength(50);
  });
});

describe('/console/articles/LANG/SLUG', () => {
  it('shows what was understood, the feeds and editions that hold it, and the way to an alert', async () => {
    const room = await openMailRoom(join(desk.app.config.dir, 'var'));
    await addReaders(room, [{ email: 'ann@example.com' }]);
    await freezeWeekly(room, { now: clock.now(), storyKeys: ['tag:courier.example,2026:talks'] });
    await room.close();
    const page = await text('/articles/en/tehran-talks');
    expect(page).toContain('<h1 lang="en" dir="ltr">Talks in “Tehran”</h1>');
    expect(page).toContain('tag:courier.example,2026:talks');
    expect(page).toContain('content/tehran-talks.md');
    expect(page).toContain('/console/send?article=tehran-talks');
    expect(page).toContain('/console/feeds/en/home');
    expect(page).toContain('/console/feeds/en/countries/armenia');
    expect(page).not.toContain('/console/feeds/en/countries/georgia');
    expect(page).toContain('/console/editions/weekly-2026-11-27T0800Z');
    expect(page).toContain('/console/articles/fa/tehran-talks');
    expect(page).not.toContain('<b>A ministry');
    // The translation was in it too: editions hold stories.
    expect(await text('/articles/fa/tehran-talks')).toContain('/console/editions/weekly-2026-11-27T0800Z');
  });

  it('says of one that nobody sees when they will, and offers no alert', async () => {
    const scheduled = await text('/articles/en/budget');
    expect(scheduled).toContain('readers get it on');
    expect(scheduled).toContain('What is wrong');
    expect(scheduled).not.toContain('/console/send?article');
    expect(await text('/articles/en/court')).toContain('its page answers 410');
    expect(await text('/articles/en/rail-link')).toContain('nobody sees it');
  });

  it('shows nothing to who may not, and nothing where nothing is', async () => {
    const viewer = await desk.signIn('viewer');
    const seen = await viewer.get('/articles/en/tehran-talks');
    expect(seen.status).toBe(200);
    expect(seen.body.toString()).not.toContain('/console/send?article');
    expect((await desk.get('/articles/en/none')).status).toBe(404);
    expect((await desk.get('/articles/en/%3Cscript%3E')).status).toBe(404);
  });
});

describe('what is wrong with feeds and pictures', () => {
  it('is on the desk and beside the feeds, articles and the article, until it is mended', async () => {
    const { content, public: publicDir } = desk.app.config.paths;
    // Names that can't be written: there are folders.
    const places = ['rss.xml', 'articles/harbour/map.png'].map((path) => join(publicDir, path));
    await rm(join(publicDir, 'rss.xml'), { force: true });
    for (const place of places) await mkdir(place, { recursive: true });
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await writeFile(join(content, 'map.png'), Buffer.from(png, 'base64'));
    const picture = 'title: Harbour\ndate: 2026-11-21\nimage: { src: map.png, alt: A map }\n';
    await writeArticle(desk.app.config.dir, 'harbour.md', picture);
    await desk.app.rebuild();
    const needs = await text('/desk/needs');
    expect(needs).toContain('Something is wrong with feeds');
    expect(needs).toContain('Something is wrong with pictures');
    expect(await text('/feeds')).toMatch(/<code dir="ltr">\/rss\.xml<\/code>.*\/rss\.xml can’t be written/s);
    expect(await text('/articles')).toContain('map.png can’t be copied');
    expect(await text('/articles/en/harbour')).toContain('map.png can’t be copied');
    expect(await text('/articles/en/budget')).not.toContain('can’t be');

    for (const place of places) await rm(place, { recursive: true });
    await writeArticle(desk.app.config.dir, 'harbour.md', picture.replace('Harbour', 'The harbour'));
    await desk.app.rebuild();
    expect(await text('/desk/needs')).not.toContain('Something is wrong with');
    expect(await text('/feeds')).not.toContain('can’t be written');
    expect(await text('/articles')).not.toContain('can’t be copied');
  });
});
