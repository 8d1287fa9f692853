import type { Insertable } from 'kysely';
import {
  type ArticleRecord,
  DetailBlock,
  detailsText,
  type PackableRecord,
  type RecordPacker,
} from '../../content/index.ts';
import type { ArticleTable } from '../tables/publishing.ts';

/** Many rows as one, so that a hundred thousand are read in half a second. */
export interface ArticleRows {
  /** JSON array of their `record`. */
  readonly records: string;
  /** Their `details`, one after the other. */
  readonly details: Uint8Array;
  /** JSON array of the lengths of their `details`, bytes. */
  readonly lengths: string;
}

type Core = PackableRecord['article'];
type Always = Pick<Core, 'id' | 'lang' | 'slug' | 'status' | 'date' | 'publishedAt' | 'contentHash'>;

/** A record's JSON: of an article's core only what isn't as it usually is. */
interface StoredRecord extends Omit<PackableRecord, 'article'> {
  readonly article: Always & { readonly [Key in Exclude<keyof Core, keyof Always>]?: Core[Key] | undefined };
}

export function articleRowOf(record: ArticleRecord): Insertable<ArticleTable> {
  const { id } = record.article;
  return { id, record: JSON.stringify(storedRecordOf(record)), details: detailsText(record.article) };
}

export function recordsOfRows(rows: ArticleRows, packer: RecordPacker): ArticleRecord[] {
  // Only articleRowOf and a migration write these columns.
  const records: StoredRecord[] = JSON.parse(rows.records);
  const lengths: number[] = JSON.parse(rows.lengths);
  const block = new DetailBlock(rows.details);
  let start = 0;
  return records.map((record, index) => {
    const length = lengths[index] ?? 0;
    const united = packer.unite(packableOf(record), block, start, length);
    start += length;
    return united;
  });
}

function storedRecordOf({ path, size, mtimeMs, renderKey, bodyHash, goneAt, article }: ArticleRecord): StoredRecord {
  const { id, lang, slug, status, date, publishedAt, contentHash } = article;
  const list = <Item>(items: readonly Item[]) => (items.length === 0 ? undefined : items);
  const core: StoredRecord['article'] = {
    id,
    lang,
    slug,
    status,
    date,
    publishedAt,
    contentHash,
    path: article.path === path ? undefined : article.path,
    updated: article.updated === date ? undefined : article.updated,
    archiveDate: article.archiveDate === date ? undefined : article.archiveDate,
    withdrawnAt: article.withdrawnAt ?? undefined,
    storySlug: article.storySlug === slug ? undefined : article.storySlug,
    authors: list(article.authors),
    countries: list(article.countries),
    topics: list(article.topics),
    aliases: list(article.aliases),
    formerAddresses: list(article.formerAddresses),
    attachments: list(article.attachments),
  };
  return { path, size, mtimeMs, renderKey, bodyHash, goneAt, article: core };
}

const nothing: readonly never[] = [];

function packableOf({ path, size, mtimeMs, renderKey, bodyHash, goneAt, article }: StoredRecord): PackableRecord {
  const { id, lang, slug, status, date, publishedAt, contentHash } = article;
  const core: Core = {
    id,
    lang,
    slug,
    path: article.path ?? path,
    status,
    date,
    updated: article.updated ?? date,
    publishedAt,
    archiveDate: article.archiveDate ?? date,
    withdrawnAt: article.withdrawnAt ?? null,
    storySlug: article.storySlug ?? slug,
    authors: article.authors ?? nothing,
    countries: article.countries ?? nothing,
    topics: article.topics ?? nothing,
    aliases: article.aliases ?? nothing,
    formerAddresses: article.formerAddresses ?? nothing,
    attachments: article.attachments ?? nothing,
    contentHash,
  };
  return { path, size, mtimeMs, renderKey, bodyHash, goneAt, article: core };
}
