import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { recordOf } from '../../src/content/catalog/next-records.ts';
import { plainArticle } from '../../src/content/index.ts';
import { createArticleWork } from '../../src/content/work.ts';
import { articleEntry } from '../../src/feeds/article-entry.ts';
import { createLocale } from '../../src/i18n/index.ts';
import { renderFeed, siteOf } from '../support/feed-fixtures.ts';
import { judgeFeed } from '../support/feed-rules.ts';
import { markdownScraps, markupScraps } from '../support/scraps.ts';
import { createFuzzer, type Fuzzer, textOf } from './fuzz-target.ts';

const addresses = ['://', 'javascript:', 'http://', 'https://a.example/', 'mailto:a@b.c', 'map.png', 'other.md'];
const scraps = [...markupScraps, ...markdownScraps, ...addresses, 'a'];
const text = textOf(scraps, 6000);
const line = textOf(scraps, 300);
/** Any YAML, and any text as a quoted scalar. */
const value = fc.oneof(
  line.map((one) => JSON.stringify(one)),
  line.map((one) => one.replaceAll(/[\r\n]/g, ' ')),
);

const keys = ['link', 'authors', 'countries', 'topics', 'place', 'image', 'audio', 'aliases', 'sources', 'corrections'];
const others = [
  'updated',
  'status',
  'lang',
  'slug',
  'id',
  'priority',
  'categories',
  'tags',
  'guid',
  'permalink',
  'draft',
];

const file = fc
  .record({
    title: value,
    summary: value,
    more: fc.array(fc.tuple(fc.constantFrom(...keys, ...others), value), { maxLength: 3 }),
    body: text,
  })
  .map(({ title, summary, more, body }) => {
    const lines = more.map(([key, one]) => `${key}: ${one}`);
    return ['---', `title: ${title}`, `summary: ${summary}`, 'date: 2023-04-09', ...lines, '---', '', body].join('\n');
  });

/** @param folder An empty one, which serves as `content/`. */
export function articleFuzzer(folder: string): Fuzzer {
  const site = siteOf();
  const work = createArticleWork(site, folder);
  const now = '2030-01-01T00:00:00.000Z';
  return createFuzzer({
    name: 'an article’s file, as far as the three feeds',
    input: file,
    async run(content) {
      await writeFile(join(folder, 'article.md'), content);
      const { read, problems } = await work.read('article.md');
      if (read === null) return { documents: null, problems };
      const id = read.explicitId ?? 'tag:dispatch.example,2023:en/2023/article';
      const article = plainArticle(recordOf(id, 'article.md', read, null, '', now).article);
      const { html, problems: more } = await work.render({ article, bodyHash: read.bodyHash, now });
      if (html === null) return { documents: null, problems: more };
      const entry = articleEntry({ ...article, html }, site, createLocale(article.lang, site.timezone));
      return { documents: renderFeed([entry]), problems };
    },
    judge(result) {
      const { documents, problems } = Object(result);
      if (documents === null && problems.length === 0) throw new Error('It is left out without a word.');
      for (const format of ['rss', 'atom', 'json'] as const) {
        if (documents === null) continue;
        const { violations } = judgeFeed(format, documents[format]);
        if (violations.length > 0) throw new Error(`${format}: ${violations.join('; ')}`);
      }
    },
  });
}
