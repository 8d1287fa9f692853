import type { Clock, Instant } from '../../../clock.ts';
import {
  type Article,
  type ArticleCatalog,
  type ArticleState,
  articleStateAt,
  articleTransitions,
  type ContentProblem,
  newestFirst,
  sortProblems,
} from '../../../content/index.ts';
import { createArticleTitles } from './article-titles.ts';

export const articleStates = Object.keys(articleTransitions).filter(isArticleState);

/** Which articles a page lists. */
export interface ArticleFilter {
  /** Null: in any. */
  readonly state: ArticleState | null;
  readonly lang: string | null;
  /** Only those whose file has something wrong with it. */
  readonly hasProblem: boolean;
  /** Words of the title, or how the slug begins; empty: all. */
  readonly words: string;
  /** From an address: anything may be in it; empty: from the newest. */
  readonly after: string;
}

/** An article with where it stands now, and where the others of its story do. */
export interface ShelvedArticle {
  readonly article: Article;
  readonly state: ArticleState;
  /** The story in its other languages, in the publication's order. */
  readonly translations: readonly { readonly article: Article; readonly state: ArticleState }[];
  readonly problems: readonly ContentProblem[];
}

export interface ArticlePage {
  /** Newest first. */
  readonly articles: readonly ShelvedArticle[];
  /** How many there are on all pages. */
  readonly found: number;
  /** What `after` goes on with; null: that was all. */
  readonly next: string | null;
}

/** Every article that there is a good version of, in whatever state, and what is wrong with files. */
export interface ArticleShelf {
  list(filter: ArticleFilter): Promise<ArticlePage>;
  /** How many are in each state now. */
  countStates(): Readonly<Record<ArticleState, number>>;
  /** Blocking ones first, then by file and line. */
  listProblems(): readonly ContentProblem[];
  /** The article at an address; of several the one that readers see, else the one that they will see first. Null for none. */
  find(lang: string, slug: string): ShelvedArticle | null;
}

const pageSize = 50;
/** Which article stands for an address that several had. */
const preference: readonly ArticleState[] = ['published', 'scheduled', 'draft', 'withdrawn'];

interface Index {
  readonly articles: readonly Article[];
  readonly byStory: ReadonlyMap<string, readonly Article[]>;
}

/** @param languages the publication's, in its order. */
export function createArticleShelf(
  catalog: () => ArticleCatalog,
  languages: readonly string[],
  clock: Clock,
): ArticleShelf {
  const titles = createArticleTitles();
  let index: Index | null = null;

  /** Made anew when an article is another. */
  function indexOf(articles: readonly Article[]): Index {
    if (index?.articles !== articles) {
      index = { articles, byStory: Map.groupBy(articles, ({ storySlug }) => storySlug) };
    }
    return index;
  }

  function problemsByFile(): ReadonlyMap<string, readonly ContentProblem[]> {
    return Map.groupBy(catalog().problems, ({ file }) => file);
  }

  function shelved(
    article: Article,
    now: Instant,
    problems: ReadonlyMap<string, readonly ContentProblem[]>,
  ): ShelvedArticle {
    const rankOf = ({ lang }: Article): number => {
      const rank = languages.indexOf(lang);
      return rank === -1 ? languages.length : rank;
    };
    const story = indexOf(catalog().articles).byStory.get(article.storySlug) ?? [];
    return {
      article,
      state: articleStateAt(article, now),
      translations: story
        .filter(({ id, lang }) => id !== article.id && lang !== article.lang)
        .toSorted((a, b) => rankOf(a) - rankOf(b))
        .map((other) => ({ article: other, state: articleStateAt(other, now) })),
      problems: problems.get(fileOf(article)) ?? [],
    };
  }

  return {
    async list({ state, lang, hasProblem, words, after }) {
      const now = clock.now();
      const problems = problemsByFile();
      let found = catalog().articles;
      if (lang !== null) found = found.filter((article) => article.lang === lang);
      if (state !== null) found = found.filter((article) => articleStateAt(article, now) === state);
      if (hasProblem) found = found.filter((article) => problems.has(fileOf(article)));
      if (words !== '') found = await titles.search(found, words);
      else void titles.prepare(catalog().articles); // whoever looks at the list may search it next
      const rest = found.slice(startOf(found, after));
      const page = rest.slice(0, pageSize);
      const last = rest.length > pageSize ? page.at(-1) : undefined;
      return {
        articles: page.map((article) => shelved(article, now, problems)),
        found: found.length,
        next: last ? `${last.date} ${last.id}` : null,
      };
    },

    countStates() {
      const now = clock.now();
      const counts = { draft: 0, scheduled: 0, published: 0, withdrawn: 0 };
      for (const article of catalog().articles) counts[articleStateAt(article, now)] += 1;
      return counts;
    },

    listProblems() {
      const sorted = sortProblems(catalog().problems);
      return [...sorted.filter(({ blocking }) => blocking), ...sorted.filter(({ blocking }) => !blocking)];
    },

    find(lang, slug) {
      const now = clock.now();
      const rank = (article: Article): number => preference.indexOf(articleStateAt(article, now));
      const [first] = catalog()
        .articles.filter((article) => article.slug === slug && article.lang === lang)
        .toSorted((a, b) => rank(a) - rank(b));
      return first === undefined ? null : shelved(first, now, problemsByFile());
    },
  };
}

function isArticleState(text: string): text is ArticleState {
  return text in articleTransitions;
}

/** As problems name it. */
function fileOf({ path }: Article): string {
  return `content/${path}`;
}

/** How many of the articles stand before those that come after a key; 0 for a key that isn't one. */
function startOf(articles: readonly Article[], after: string): number {
  const [date = '', id = ''] = after.split(' ');
  if (id === '') return 0;
  const start = articles.findIndex((article) => newestFirst({ date, id }, article) < 0);
  return start === -1 ? articles.length : start;
}
