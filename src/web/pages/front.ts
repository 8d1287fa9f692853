import type { Article } from '../../content/index.ts';
import type { View } from '../view.ts';

/** The front page's order: every article stands in one place at most, besides the list as it came in. */
export interface Front {
  readonly lead: Article | null;
  /** Beside the lead. */
  readonly seconds: readonly Article[];
  readonly latest: readonly Article[];
  readonly sections: readonly FrontSection[];
  readonly briefs: readonly Article[];
}

export interface FrontSection {
  /** Sorted keys of its countries; empty for what crosses borders. */
  readonly countries: readonly string[];
  readonly articles: readonly Article[];
}

const limits = { latest: 6, seconds: 2, briefs: 8, inSection: 3, leadAmong: 12 } as const;

/**
 * Orders articles for the front page.
 *
 * The lead is the newest that an editor marked as breaking, then as lead, among the newest few. A country, or two
 * together, get a section of their own where there is enough about them; the rest crosses borders. Sections follow
 * their newest story: no order of countries is fixed.
 *
 * @param articles Newest first.
 */
export function arrangeFront(articles: readonly Article[]): Front {
  const main = articles.filter((article) => article.priority !== 'brief');
  const recent = main.slice(0, limits.leadAmong);
  const lead =
    recent.find((article) => article.priority === 'breaking') ??
    recent.find((article) => article.priority === 'lead') ??
    main[0] ??
    articles[0] ??
    null;
  const seconds = main.filter((article) => article !== lead).slice(0, limits.seconds);
  const rest = main.filter((article) => article !== lead && !seconds.includes(article));
  return {
    lead,
    seconds,
    latest: articles.slice(0, limits.latest),
    sections: sectionsOf(rest),
    briefs: articles.filter((article) => article.priority === 'brief' && article !== lead).slice(0, limits.briefs),
  };
}

function sectionsOf(articles: readonly Article[]): FrontSection[] {
  const byCountries = Map.groupBy(articles, (article) => article.countries.toSorted().join('+'));
  const standsAlone = (key: string, members: readonly Article[]): boolean =>
    key !== '' && key.split('+').length <= 2 && (members.length > 1 || !key.includes('+'));
  const across: Article[] = [];
  const sections: FrontSection[] = [];
  for (const [key, members] of byCountries) {
    if (standsAlone(key, members)) sections.push({ countries: key.split('+'), articles: members });
    else across.push(...members);
  }
  if (across.length > 0) sections.push({ countries: [], articles: across.toSorted(newestFirst) });
  return sections
    .map((section) => ({ ...section, articles: section.articles.slice(0, limits.inSection) }))
    .sort((a, b) => (a.countries.length === 0 ? 1 : b.countries.length === 0 ? -1 : newestOf(b) - newestOf(a)));
}

function newestOf(section: FrontSection): number {
  return Date.parse(section.articles[0]?.date ?? '');
}

function newestFirst(a: Article, b: Article): number {
  return a.date === b.date ? 0 : a.date < b.date ? 1 : -1;
}

/** Articles of stories that have no version in the page's language, in their original language, newest first. */
export function listUntranslated(view: View): readonly Article[] {
  return view.published.stories
    .filter((story) => !story.byLanguage.has(view.lang))
    .map((story) => story.original)
    .sort(newestFirst);
}
