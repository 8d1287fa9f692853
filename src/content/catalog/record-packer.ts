import type { Article } from '../article.ts';
import type { ArticleRecord } from './article-store.ts';
import { type ArticleCore, DetailBlock, detailsText, PackedArticle } from './packed-article.ts';

/** Makes records take the least memory that they can; what they say stays the same. */
export interface RecordPacker {
  pack(record: ArticleRecord): ArticleRecord;
  /** A record whose details lie in a block already: `length` bytes from `start`. */
  unite(record: PackableRecord, block: DetailBlock, start: number, length: number): ArticleRecord;
}

/** A record whose article is without its details. */
export interface PackableRecord extends Omit<ArticleRecord, 'article'> {
  readonly article: ArticleCore;
}

/** Lists without anything are one and the same. */
const nothing: readonly never[] = Object.freeze([]);

/** Bytes of a block that is filled with one article after the other. */
const blockSize = 64 * 1024;

/**
 * A hundred thousand articles stay in memory, and most of what they hold is the same again and again: empty lists, keys of
 * sections, a slug that is the story's too, the date that was never changed. Parsed from JSON or sent from a thread, each
 * has a copy of its own; here they come to share one.
 */
export function createRecordPacker(): RecordPacker {
  const texts = new Map<string, string>();
  const shared = (text: string): string => {
    const one = texts.get(text);
    if (one !== undefined) return one;
    texts.set(text, text);
    return text;
  };
  const lists = new Map<string, readonly unknown[]>();
  /** @param key the same for equal lists of one kind only. */
  const sharedList = <Item>(items: readonly Item[], key: string): readonly Item[] => {
    const one = lists.get(key);
    if (one !== undefined) return one as readonly Item[]; // the key says the kind
    lists.set(key, items);
    return items;
  };
  const keys = (items: readonly string[]): readonly string[] =>
    items.length === 0 ? nothing : sharedList(items, items.join('\n'));
  const authors = (items: Article['authors']): Article['authors'] =>
    items.length === 0 ? nothing : sharedList(items, JSON.stringify(items));
  const list = <Item>(items: readonly Item[]): readonly Item[] => (items.length === 0 ? nothing : items);

  let bytes = Buffer.alloc(0);
  let block = new DetailBlock(bytes);
  let used = 0;

  function unite(
    { article, path, size, mtimeMs, renderKey, bodyHash, goneAt }: PackableRecord,
    itsBlock: DetailBlock,
    start: number,
    length: number,
  ): ArticleRecord {
    const { date, slug } = article;
    const same = (text: string): string => (text === date ? date : text);
    const core: ArticleCore = {
      id: article.id,
      lang: shared(article.lang),
      slug,
      path: article.path === path ? path : article.path,
      status: article.status,
      date,
      updated: same(article.updated),
      // Of an imported archive it is one instant.
      publishedAt: article.publishedAt === null ? null : shared(article.publishedAt),
      archiveDate: same(article.archiveDate),
      withdrawnAt: article.withdrawnAt,
      storySlug: article.storySlug === slug ? slug : article.storySlug,
      authors: authors(article.authors),
      countries: keys(article.countries),
      topics: keys(article.topics),
      aliases: list(article.aliases),
      formerAddresses: list(article.formerAddresses),
      attachments: list(article.attachments),
      contentHash: article.contentHash,
    };
    const packed = new PackedArticle(core, itsBlock, start, length);
    return { path, size, mtimeMs, renderKey: shared(renderKey), bodyHash, article: packed, goneAt };
  }

  return {
    pack(record) {
      if (record.article instanceof PackedArticle && record.article.isUnited) return record;
      const text = detailsText(record.article);
      const length = Buffer.byteLength(text);
      if (used + length > bytes.length) {
        bytes = Buffer.allocUnsafeSlow(Math.max(blockSize, length));
        block = new DetailBlock(bytes);
        used = 0;
      }
      const start = used;
      used += bytes.write(text, start);
      return unite(record, block, start, length);
    },
    unite,
  };
}
