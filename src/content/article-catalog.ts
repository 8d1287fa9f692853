import type { Instant } from '../clock.ts';
import { type Article, articleStateAt } from './article.ts';
import type { ContentProblem } from './problem.ts';

/** One story in every language it was published in. */
export interface Story {
  /** The id of its original: the article in the first of the publication's languages that has it. */
  readonly key: string;
  readonly original: Article;
  readonly byLanguage: ReadonlyMap<string, Article>;
}

/** All good articles, whatever their state, and what was wrong with the rest. */
export interface ArticleCatalog {
  readonly articles: readonly Article[];
  readonly problems: readonly ContentProblem[];
}

/** What anybody may see at one instant. Nothing of a draft, scheduled or withdrawn article is in it. */
export interface PublishedCatalog {
  readonly at: Instant;
  /** Newest first by date, then by id. */
  readonly articles: readonly Article[];
  readonly stories: readonly Story[];
  inLanguage(lang: string): readonly Article[];
  findBySlug(lang: string, slug: string): Article | null;
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
  const articles = catalog.articles
    .filter((article) => articleStateAt(article, now) === 'published')
    .sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? 1 : -1));
  const byLanguage = Map.groupBy(articles, (article) => article.lang);
  const bySlug = new Map(articles.map((article) => [`${article.lang}/${article.slug}`, article]));
  const byId = new Map(articles.map((article) => [article.id, article]));
  const stories = new Map<string, Story>();
  for (const [storySlug, versions] of Map.groupBy(articles, (article) => article.storySlug)) {
    const ordered = versions.toSorted((a, b) => languages.indexOf(a.lang) - languages.indexOf(b.lang));
    const original = ordered[0];
    if (!original) continue;
    stories.set(storySlug, {
      key: original.id,
      original,
      byLanguage: new Map(ordered.map((article) => [article.lang, article])),
    });
  }
  return {
    at: now,
    articles,
    stories: [...stories.values()],
    inLanguage: (lang) => byLanguage.get(lang) ?? [],
    findBySlug: (lang, slug) => bySlug.get(`${lang}/${slug}`) ?? null,
    findById: (id) => byId.get(id) ?? null,
    findStory: (article) => stories.get(article.storySlug) ?? null,
    listTranslations: (article) =>
      [...(stories.get(article.storySlug)?.byLanguage.values() ?? [])].filter((other) => other.id !== article.id),
  };
}

/** The next instant at which an embargo ends, or null. */
export function nextEmbargo(catalog: ArticleCatalog, now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const article of catalog.articles) {
    if (articleStateAt(article, now) !== 'scheduled') continue;
    if (next === null || article.date < next) next = article.date;
  }
  return next;
}
