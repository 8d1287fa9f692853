import type { Article } from './article.ts';
import type { ArticleRecord } from './article-store.ts';

/** Makes records take the least memory that they can; what they say stays the same. */
export type CompactRecord = (record: ArticleRecord) => ArticleRecord;

/** Lists without anything are one and the same. */
const nothing: readonly never[] = Object.freeze([]);

/**
 * A hundred thousand articles stay in memory, and most of what they hold is the same again and again: empty lists, keys of
 * sections, a slug that is the story's too, the date that was never changed. Parsed from JSON or sent from a thread, each
 * has a copy of its own; here they come to share one.
 */
export function createCompactRecord(): CompactRecord {
  const known = new Map<string, string>();
  const shared = (text: string): string => {
    const one = known.get(text);
    if (one !== undefined) return one;
    known.set(text, text);
    return text;
  };
  const authors = new Map<string, Article['authors']>();
  const sharedAuthors = (list: Article['authors']): Article['authors'] => {
    const key = JSON.stringify(list);
    const one = authors.get(key);
    if (one !== undefined) return one;
    authors.set(key, list);
    return list;
  };
  const list = <Item>(items: readonly Item[]): readonly Item[] => (items.length === 0 ? nothing : items);
  const keys = (items: readonly string[]): readonly string[] => (items.length === 0 ? nothing : items.map(shared));

  return ({ article, path, renderKey, ...rest }) => {
    const { date, slug } = article;
    const same = (text: string): string => (text === date ? date : text);
    return {
      ...rest,
      path,
      renderKey: shared(renderKey),
      article: {
        ...article,
        path: article.path === path ? path : article.path,
        lang: shared(article.lang),
        storySlug: article.storySlug === slug ? slug : article.storySlug,
        updated: same(article.updated),
        archiveDate: same(article.archiveDate),
        // Of an imported archive it is one instant.
        publishedAt: article.publishedAt === null ? null : shared(article.publishedAt),
        authors: article.authors.length === 0 ? nothing : sharedAuthors(article.authors),
        countries: keys(article.countries),
        topics: keys(article.topics),
        aliases: list(article.aliases),
        formerAddresses: list(article.formerAddresses),
        sources: list(article.sources),
        corrections: list(article.corrections),
        attachments: list(article.attachments),
      },
    };
  };
}
