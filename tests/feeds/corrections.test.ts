import { describe, expect, it } from 'vitest';
import { type ArticleFields, parseArticleFields } from '../../src/content/front-matter/article-fields.ts';
import { splitFrontMatter } from '../../src/content/front-matter/front-matter.ts';
import type { Article } from '../../src/content/index.ts';
import { type Feed, listFeeds } from '../../src/feeds/index.ts';
import { articleOf, catalogOf, noon, parseFeed, renderAny, siteOf } from '../support/feed-fixtures.ts';

const options = { items: 1, days: 3, maxAge: 900, hubs: [] };

function fieldsOf(yaml: string): ArticleFields {
  const split = splitFrontMatter(`---\ntitle: Talks\nsummary: They met.\ndate: 2022-11-01\n${yaml}\n---\nText`);
  if ('code' in split) throw new Error(split.message);
  const { fields } = parseArticleFields(split.front, 'talks.md', siteOf());
  if (!fields) throw new Error('The front matter is at fault.');
  return fields;
}

function publish(fields: ArticleFields): { article: Article; home: Feed } {
  const { date, updated, corrections } = fields;
  const article = articleOf({ slug: 'talks', date, updated, corrections });
  const [home] = listFeeds(catalogOf([articleOf({ slug: 'newer' }), article]), siteOf(), options, noon);
  if (!home) throw new Error('There is no feed.');
  return { article, home };
}

const corrections = `corrections:
  - { date: 2023-04-09, text: "Nine, not ten." }
  - { date: "2023-04-10T13:00:00+04:00", text: "Ministers, not <deputies>." }`;

describe('a correction', () => {
  it('moves an article’s last change to the newest one, whatever updated says', () => {
    expect(fieldsOf(corrections).updated).toBe('2023-04-10T09:00:00.000Z');
    expect(fieldsOf(`updated: 2023-01-01\n${corrections}`).updated).toBe('2023-04-10T09:00:00.000Z');
    expect(fieldsOf(`updated: "2023-04-10T11:00:00Z"\n${corrections}`).updated).toBe('2023-04-10T11:00:00.000Z');
  });

  it('brings an old entry back, with its words in the text and its time in every format', () => {
    expect(publish(fieldsOf('')).home.entries).toHaveLength(1);
    const { article, home } = publish(fieldsOf(corrections));
    expect(home.entries.map((entry) => entry.id).at(-1)).toBe(article.id);
    expect(home.updated).toBe('2023-04-10T09:00:00.000Z');
    const { rss, atom, json } = parseFeed(renderAny(home));
    expect([rss.items?.[1]?.atom?.updated, atom.entries?.[1]?.updated, json.items?.[1]?.date_modified]).toEqual(
      Array(3).fill('2023-04-10T09:00:00.000Z'),
    );
    expect(json.items?.[1]?.date_published).toBe(article.date);
    for (const html of [
      rss.items?.[1]?.content?.encoded,
      atom.entries?.[1]?.content?.value,
      json.items?.[1]?.content_html,
    ]) {
      expect(html).toContain('Nine, not ten.');
      expect(html).toContain('Ministers, not &lt;deputies&gt;.');
    }
  });

  it('leaves again after the window’s days, with id and text as they are', () => {
    const { article } = publish(fieldsOf(corrections));
    const later = '2023-04-20T00:00:00.000Z';
    const [home] = listFeeds(catalogOf([articleOf({ slug: 'newer' }), article]), siteOf(), options, later);
    expect(home?.entries.map(({ id }) => id)).not.toContain(article.id);
  });
});
