import { type Instant, toMs } from '../../clock.ts';
import { slugify } from '../file-name.ts';
import { isAlias, isArticleId } from '../front-matter/article-schema.ts';
import { plainQuery } from './foreign-addresses.ts';

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

/** By what an entry is found: the keys of an entry and those of an article that it may be. */
interface Step {
  keysOf(entry: ForeignEntry): readonly string[];
  keysOfArticle(article: MatchedArticle): readonly string[];
  /** Whether the one article that a key leads to is the entry indeed. */
  agrees(entry: ForeignEntry, article: MatchedArticle): boolean;
}

/**
 * Finds the article that each entry of the old feed is: by its address among the aliases; else by the last part of its
 * address, which is the slug, where title or day agree; else by title and day. Only what is certain is taken: one entry
 * and one article, for a wrong guid hides an article from whoever read the other.
 *
 * @param base The path of the publication's URL, below which aliases are: `/news` of `https://dispatch.example/news`.
 */
export function matchForeignGuids(
  entries: readonly ForeignEntry[],
  articles: readonly MatchedArticle[],
  base = '',
): GuidMatches {
  const steps: readonly Step[] = [
    {
      keysOf: (entry) => listed(pathOf(entry, base)),
      keysOfArticle: ({ aliases }) => aliases.map(straight),
      agrees: () => true,
    },
    {
      keysOf: (entry) => [...new Set([entry.slug, lastPart(entry)].flatMap((part) => listed(slugify(part ?? ''))))],
      keysOfArticle: ({ slug }) => [slug],
      agrees: (entry, article) =>
        (entry.title === null && entry.date === null) || sameTitle(entry, article) || sameDay(entry, article),
    },
    {
      keysOf: ({ title }) => listed(folded(title ?? '')),
      keysOfArticle: ({ title }) => [folded(title)],
      agrees: (entry, article) => entry.date === null || sameDay(entry, article),
    },
  ];

  const matches: GuidMatch[] = [];
  const taken = new Set<string>();
  const usable = new Map(entries.filter(({ guid }) => isArticleId(guid)).map((entry) => [entry.guid, entry]));
  let open = [...usable.values()];
  for (const { keysOf, keysOfArticle, agrees } of steps) {
    const byKey = new Map<string, MatchedArticle[]>();
    for (const article of articles) {
      if (taken.has(article.path)) continue;
      for (const key of keysOfArticle(article)) {
        const sharing = byKey.get(key);
        if (sharing) sharing.push(article);
        else byKey.set(key, [article]);
      }
    }
    const proposals = open.map((entry) => {
      const article = onlyOne(entry, [...new Set(keysOf(entry).flatMap((key) => byKey.get(key) ?? []))]);
      return { entry, article: article !== null && agrees(entry, article) ? article : null };
    });
    const rivals = Map.groupBy(proposals, ({ article }) => article?.path);
    open = [];
    for (const { entry, article } of proposals) {
      if (article === null || (rivals.get(article.path)?.length ?? 0) > 1) open.push(entry);
      else {
        taken.add(article.path);
        matches.push({ path: article.path, guid: entry.guid, alias: newAlias(entry, article, base) });
      }
    }
  }
  return { matches, unmatched: open, refused: entries.filter(({ guid }) => !isArticleId(guid)) };
}

/** The one candidate; of several, the one whose file lies so, then that has the entry's title, its language, its day. */
function onlyOne(entry: ForeignEntry, candidates: readonly MatchedArticle[]): MatchedArticle | null {
  const address = pathOf(entry, '');
  const steps = address?.replaceAll('_', '-').toLowerCase().split('/') ?? [];
  let left = candidates;
  for (const fits of [
    ({ path }: MatchedArticle) => address !== null && `/${path.replace(/(?:\/index)?\.[^/]+$/, '')}`.endsWith(address),
    (article: MatchedArticle) => sameTitle(entry, article),
    ({ lang }: MatchedArticle) => steps.includes(lang.toLowerCase()),
    (article: MatchedArticle) => sameDay(entry, article),
  ]) {
    if (left.length > 1 && left.some(fits)) left = left.filter(fits);
  }
  return left.length === 1 ? (left[0] ?? null) : null;
}

function sameTitle(entry: ForeignEntry, article: MatchedArticle): boolean {
  return entry.title !== null && folded(entry.title) === folded(article.title);
}

function sameDay(entry: ForeignEntry, article: MatchedArticle): boolean {
  return entry.date !== null && Math.abs(toMs(article.date) - toMs(entry.date)) <= dayMs;
}

function newAlias(entry: ForeignEntry, { aliases, lang, slug }: MatchedArticle, base: string): string | null {
  const path = pathOf(entry, base) ?? rowOf(entry);
  if (path === null || !isAlias(path) || aliases.some((alias) => straight(alias) === path)) return null;
  return [`/articles/${slug}`, `/${lang}/articles/${slug}`].includes(path) ? null : path;
}

function listed(text: string | null): string[] {
  return text === null || text === '' ? [] : [text];
}

/** The decoded path of the entry's address without a slash at its end; null for one that its query tells apart. */
function pathOf({ url }: ForeignEntry, base: string): string | null {
  const parsed = url === null ? null : URL.parse(url);
  if (parsed === null || /[?&](?:p|page_id|post)=/.test(parsed.search)) return null;
  const path = straight(parsed.pathname);
  return path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

/** WordPress' address of a post without a name, `/?p=123`. */
function rowOf({ url }: ForeignEntry): string | null {
  const parsed = url === null ? null : URL.parse(url);
  return parsed === null || parsed.search === '' ? null : `/?${plainQuery(parsed.search.slice(1))}`;
}

function lastPart(entry: ForeignEntry): string | null {
  return (pathOf(entry, '')?.split('/').at(-1) ?? '').replace(/\.(?:html?|php)$/i, '') || null;
}

function straight(path: string): string {
  return decoded(path)
    .replace(/\/index\.html?$/i, '')
    .replace(/\/+$/, '');
}

function folded(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      // Feeds have titles as HTML, and quotes as each system likes them.
      .replace(/&#?\w{1,10};/g, ' ')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim()
  );
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
