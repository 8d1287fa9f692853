import type { Instant } from '../../clock.ts';
import { lazily } from '../../lazily.ts';
import { type Article, articleStateAt } from '../article.ts';
import type { ContentProblem } from '../problem.ts';

/** One story in every language it was published in. */
export interface Story<Version extends Article = Article> {
  /** The id of its original: the article in the first of the publication's languages that has it. */
  readonly key: string;
  readonly original: Version;
  readonly byLanguage: ReadonlyMap<string, Version>;
}

/** All good articles, whatever their state, and what was wrong with the rest. */
export interface ArticleCatalog {
  /** Newest first by date, then by id. */
  readonly articles: readonly Article[];
  readonly problems: readonly ContentProblem[];
}

/** What may still be told of an article that was taken back: that it was there, never what it said. */
export interface WithdrawnArticle
  extends Pick<
    Article,
    | 'id'
    | 'lang'
    | 'slug'
    | 'storySlug'
    | 'formerAddresses'
    | 'date'
    | 'publishedAt'
    | 'countries'
    | 'topics'
    | 'authors'
  > {
  /** When that was seen; `updated` where nobody saw it published before. */
  readonly at: Instant;
}

/** What the archives have to know of every article that was ever out, whatever its state is now. */
export type PublishedOnce = Pick<Article, 'id' | 'lang' | 'publishedAt' | 'archiveDate'>;

/** What anybody may see at one instant. Nothing of a draft or scheduled article is in it. */
export interface PublishedCatalog {
  readonly at: Instant;
  /** Newest first by date, then by id. */
  readonly articles: readonly Article[];
  readonly stories: readonly Story[];
  readonly withdrawn: readonly WithdrawnArticle[];
  readonly everPublished: readonly PublishedOnce[];
  inLanguage(lang: string): readonly Article[];
  findBySlug(lang: string, slug: string): Article | null;
  /** The article that was once published at an address, where no other has it now. */
  findFormer(lang: string, slug: string): Article | null;
  findWithdrawn(lang: string, slug: string): WithdrawnArticle | null;
  findById(id: string): Article | null;
  /** Translations of an article, itself left out, in the publication's order of languages. */
  listTranslations(article: Article): readonly Article[];
  findStory(article: Article): Story | null;
}

/** The published view of a catalog at `now`. */
export function publishedCatalog(
  catalog: ArticleCatalog,
  languages: readonly string[],
  now: Instant,
): PublishedCatalog {
  const articles: Article[] = [];
  const withdrawn: WithdrawnArticle[] = [];
  for (const article of catalog.articles) {
    const state = articleStateAt(article, now);
    if (state === 'published') articles.push(article);
    else if (state === 'withdrawn') withdrawn.push(withdrawnArticle(article));
  }
  articles.sort(newestFirst);
  const byLanguage = Map.groupBy(articles, (article) => article.lang);
  const bySlug = lazily(() => byAddress(articles));
  const gone = lazily(() => byAddress(withdrawn));
  const formerlyGone = lazily(() => byFormerAddress(withdrawn));
  const byId = lazily(() => new Map(articles.map((article) => [article.id, article])));
  const former = lazily(() => byFormerAddress(articles));
  const versions = lazily(() => Map.groupBy(articles, (article) => article.storySlug));
  const rank = new Map(languages.map((lang, index) => [lang, index]));
  const rankOf = ({ lang }: Article): number => rank.get(lang) ?? languages.length;
  const ordered = (storySlug: string): readonly Article[] =>
    (versions().get(storySlug) ?? []).toSorted((a, b) => rankOf(a) - rankOf(b));
  const storyOf = (storySlug: string): Story | null => {
    const all = ordered(storySlug);
    const [original] = all;
    if (!original) return null;
    return { key: original.id, original, byLanguage: new Map(all.map((article) => [article.lang, article])) };
  };
  const stories = lazily(() => [...versions().keys()].map(storyOf).filter((story) => story !== null));
  return {
    at: now,
    articles,
    withdrawn,
    everPublished: catalog.articles.filter(({ publishedAt }) => publishedAt !== null),
    get stories() {
      return stories();
    },
    inLanguage: (lang) => byLanguage.get(lang) ?? [],
    findBySlug: (lang, slug) => bySlug().get(lang)?.get(slug) ?? null,
    findFormer: (lang, slug) => (bySlug().get(lang)?.has(slug) ? null : (former().get(`${lang}/${slug}`) ?? null)),
    findWithdrawn: (lang, slug) => gone().get(lang)?.get(slug) ?? formerlyGone().get(`${lang}/${slug}`) ?? null,
    findById: (id) => byId().get(id) ?? null,
    findStory: (article) => storyOf(article.storySlug),
    listTranslations: (article) => ordered(article.storySlug).filter((other) => other.id !== article.id),
  };
}

/** The next instant at which an embargo ends, or null. */
export function nextEmbargo(catalog: ArticleCatalog, now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const article of catalog.articles) {
    if (article.date <= now) break;
    if (article.status === 'published') next = article.date;
  }
  return next;
}

/** The order of every list: by date, then by id. */
export function newestFirst(a: Pick<Article, 'date' | 'id'>, b: Pick<Article, 'date' | 'id'>): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

function withdrawnArticle(article: Article): WithdrawnArticle {
  const { id, lang, slug, storySlug, formerAddresses, date, publishedAt, countries, topics, authors, updated } =
    article;
  const at = article.withdrawnAt ?? updated;
  return { id, lang, slug, storySlug, formerAddresses, date, publishedAt, countries, topics, authors, at };
}

function byAddress<Addressed extends { readonly lang: string; readonly slug: string }>(
  articles: readonly Addressed[],
): Map<string, Map<string, Addressed>> {
  const languages = new Map<string, Map<string, Addressed>>();
  for (const article of articles) {
    const slugs = languages.get(article.lang) ?? new Map<string, Addressed>();
    languages.set(article.lang, slugs.set(article.slug, article));
  }
  return languages;
}

function byFormerAddress<Addressed extends { readonly formerAddresses: readonly string[] }>(
  articles: readonly Addressed[],
): Map<string, Addressed> {
  return new Map(articles.flatMap((article) => article.formerAddresses.map((address) => [address, article])));
}
