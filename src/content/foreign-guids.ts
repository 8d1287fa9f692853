import type { Instant } from '../clock.ts';
import { isArticleId } from './article-schema.ts';

/** An entry of the old site's feed, of WordPress' export or of a sitemap. */
export interface ForeignEntry {
  /** What subscribers know the entry by, byte for byte. */
  readonly guid: string;
  /** Where it was read. */
  readonly url: string | null;
  /** The last part of its address, where the file says it apart from that. */
  readonly slug: string | null;
  readonly title: string | null;
  readonly date: Instant | null;
}

/** What matching looks at in an article. */
export interface MatchedArticle {
  /** Of the file, relative to `content/`. */
  readonly path: string;
  readonly lang: string;
  readonly slug: string;
  readonly title: string;
  readonly date: Instant;
  readonly aliases: readonly string[];
}

export interface GuidMatch {
  /** Of the article's file. */
  readonly path: string;
  /** To be written as `id`. */
  readonly guid: string;
  /** The path of the entry's old address, to be added to `aliases`; null where it is there already or is none. */
  readonly alias: string | null;
}

export interface GuidMatches {
  readonly matches: readonly GuidMatch[];
  /** Entries for which there is no article, or more than one. */
  readonly unmatched: readonly ForeignEntry[];
  /** Entries whose guid can't be an article's id, for it is no IRI. */
  readonly refused: readonly ForeignEntry[];
}

/** Two dates of one article may be a day apart: one was written without its time zone. */
const dayMs = 86_400_000;

/**
 * Finds the article that each entry of the old feed is: by its address among the aliases; else by the last part of its
 * address, which is the slug; else by its title and day; else by its title alone. Each step takes only what is certain:
 * one entry and one article, told apart by title and day where several have the same slug.
 */
export function matchForeignGuids(entries: readonly ForeignEntry[], articles: readonly MatchedArticle[]): GuidMatches {
  const matches: GuidMatch[] = [];
  const usable = entries.filter(({ guid }) => isArticleId(guid));
  const taken = new Set<string>();
  const seen = new Set<string>();
  let open = usable.filter(({ guid }) => !seen.has(guid) && seen.add(guid));

  const steps: readonly [
    keysOf: (entry: ForeignEntry) => string[],
    keysOfArticle: (article: MatchedArticle) => string[],
  ][] = [
    [(entry) => listed(pathOf(entry)), ({ aliases }) => aliases.map(straight)],
    [
      (entry) => [...new Set([...listed(entry.slug), ...listed(lastPart(entry))])].map(folded),
      ({ slug }) => [folded(slug)],
    ],
    [(entry) => listed(entry.title).map(folded), ({ title }) => [folded(title)]],
  ];
  for (const [keysOf, keysOfArticle] of steps) {
    const byKey = new Map<string, MatchedArticle[]>();
    for (const article of articles) {
      for (const key of keysOfArticle(article)) byKey.set(key, [...(byKey.get(key) ?? []), article]);
    }
    const proposals = open.map((entry) => {
      const candidates = [...new Set(keysOf(entry).flatMap((key) => byKey.get(key) ?? []))];
      return {
        entry,
        article: onlyOne(
          entry,
          candidates.filter(({ path }) => !taken.has(path)),
        ),
      };
    });
    const claims = Map.groupBy(proposals, ({ article }) => article?.path ?? null);
    open = [];
    for (const { entry, article } of proposals) {
      const rivals = article === null ? [] : (claims.get(article.path) ?? []);
      if (article === null || rivals.length > 1) {
        open.push(entry);
        continue;
      }
      taken.add(article.path);
      matches.push({ path: article.path, guid: entry.guid, alias: newAlias(entry, article) });
    }
  }
  return { matches, unmatched: open, refused: entries.filter(({ guid }) => !isArticleId(guid)) };
}

/** The one candidate; of several, the one that has the entry's title, then its day. */
function onlyOne(entry: ForeignEntry, candidates: readonly MatchedArticle[]): MatchedArticle | null {
  const { title, date } = entry;
  let left = candidates;
  const narrow = (fits: (article: MatchedArticle) => boolean): void => {
    if (left.length > 1 && left.some(fits)) left = left.filter(fits);
  };
  if (title !== null) narrow((article) => folded(article.title) === folded(title));
  const [, first] = pathOf(entry)?.split('/') ?? [];
  narrow(({ lang }) => lang === first);
  if (date !== null) narrow((article) => Math.abs(Date.parse(article.date) - Date.parse(date)) <= dayMs);
  return left.length === 1 ? (left[0] ?? null) : null;
}

function newAlias(entry: ForeignEntry, { aliases, lang, slug }: MatchedArticle): string | null {
  const path = pathOf(entry);
  if (path === null || path === '' || aliases.some((alias) => straight(alias) === path)) return null;
  return [`/articles/${slug}`, `/${lang}/articles/${slug}`].includes(path) ? null : path;
}

function listed(text: string | null): string[] {
  return text === null || text === '' ? [] : [text];
}

/** The decoded path of the entry's address without a slash at its end; null for one that its query tells apart. */
function pathOf({ url }: ForeignEntry): string | null {
  const parsed = url === null ? null : URL.parse(url);
  if (parsed === null || /[?&](?:p|page_id|post)=/.test(parsed.search)) return null;
  return straight(decoded(parsed.pathname));
}

function lastPart(entry: ForeignEntry): string | null {
  return (pathOf(entry)?.split('/').at(-1) ?? '').replace(/\.(?:html?|php)$/i, '') || null;
}

function straight(path: string): string {
  return decoded(path)
    .replace(/\/index\.html?$/i, '')
    .replace(/\/+$/, '');
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
