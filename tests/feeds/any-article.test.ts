import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { formatOf, judgeFeed } from '../support/feed-rules.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { markdownScraps, markupScraps } from '../support/scraps.ts';

const piece = fc.oneof(
  fc.constantFrom(...markupScraps),
  fc.constantFrom(...markdownScraps),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const url = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  text.map((tail) => `https://dispatch.example/${tail}`),
  text.map((tail) => `javascript:${tail}`),
  text,
);
const article = fc.record({ title: text, summary: text, body: text, link: url, inText: url, author: text, alt: text });

/** Any text as a quoted YAML scalar. */
const quoted = (value: string): string => JSON.stringify(value);

describe('articles of any text', () => {
  it('are published or named in a problem, and make no document that breaks a rule', async () => {
    const dir = await smallPublication();
    const articles = fc.sample(article, { numRuns: 300, seed: 20_261_126 });
    await mkdir(join(dir, 'content'), { recursive: true });
    for (const [index, { title, summary, body, link, inText, author, alt }] of articles.entries()) {
      const fields = [
        `title: ${quoted(`T${title}`)}`,
        `summary: ${quoted(`S${summary}`)}`,
        'date: 2026-03-02T10:00:00Z',
        // Where the address is refused the article is left out: so most have none.
        ...(index % 5 === 0 ? [`link: ${quoted(link)}`] : []),
        `authors: [{ name: ${quoted(`A${author}`)} }]`,
        `image: { src: "https://pictures.example/a.png", alt: ${quoted(alt)} }`,
      ];
      const content = `---\n${fields.join('\n')}\n---\n\n${body}\n\n[x](${inText}) ![${alt}](<${inText}>)\n`;
      await writeFile(join(dir, 'content', `article-${index}.md`), content);
    }
    const app = await openApp(readConfig({ dir, environment: {} }), { clock: fixedClock('2026-03-03T00:00:00Z') });
    onTestFinished(() => app.close());
    const { problems } = await app.rebuild();

    const published = new Set(app.catalog.published().articles.map(({ path }) => path));
    const named = new Set(problems.map(({ file }) => file));
    const lost = articles
      .map((_, index) => `article-${index}.md`)
      .filter((path) => !published.has(path) && !named.has(`content/${path}`));
    expect(lost).toEqual([]);
    expect(published.size).toBeGreaterThan(articles.length / 2);
    for (const path of await readdir(app.publicDir, { recursive: true })) {
      const format = formatOf(path);
      if (format === null) continue;
      expect(judgeFeed(format, await readFile(join(app.publicDir, path), 'utf8')).violations, path).toEqual([]);
    }
  });
});
