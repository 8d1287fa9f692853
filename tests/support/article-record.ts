import { type Article, type ArticleRecord, plainArticle } from '../../src/content/index.ts';

/** A complete article with one's own values over it. */
export function exampleArticle(over: Partial<Article> = {}): Article {
  const slug = over.slug ?? 'tehran-talks';
  const lang = over.lang ?? 'en';
  const date = over.date ?? '2023-04-09T14:30:00.000Z';
  return {
    id: `tag:dispatch.example,2023:${lang}/2023/${slug}`,
    lang,
    slug,
    path: `${slug}.md`,
    status: 'published',
    title: 'Talks in Tehran',
    summary: 'Two secretaries met.',
    date,
    updated: '2023-04-09T14:30:00.000Z',
    publishedAt: '2023-04-09T14:31:00.000Z',
    archiveDate: date,
    withdrawnAt: null,
    storySlug: slug,
    translation: null,
    authors: [],
    countries: [],
    topics: [],
    place: null,
    image: null,
    audio: null,
    link: null,
    url: `http://localhost:8080/articles/${slug}`,
    aliases: [],
    formerAddresses: [],
    sources: [],
    priority: 'normal',
    corrections: [],
    attachments: [],
    words: 2,
    contentHash: 'c'.repeat(64),
    ...over,
  };
}

/** The ledger's record of an article. */
export function exampleRecord(article: Article, over: Partial<ArticleRecord> = {}): ArticleRecord {
  return {
    path: article.path,
    size: 100,
    mtimeMs: 1_681_050_600_000.25,
    renderKey: 'key',
    bodyHash: 'b'.repeat(64),
    goneAt: null,
    ...over,
    article,
  };
}

/** A record that can be compared with one that was written down: without getters. */
export function plainRecord(record: ArticleRecord): ArticleRecord {
  return { ...record, article: plainArticle(record.article) };
}
