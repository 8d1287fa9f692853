import { type Instant, plusMs } from '../clock.ts';
import type { PublishedCatalog, Story } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { Newsletter } from './newsletter.ts';

/**
 * A story dated earlier than so many days before now isn't new, so that an imported archive is not mailed. Longer than the
 * time between two editions.
 */
const maxAgeDays: Readonly<Record<Rhythm, number>> = { each: 14, daily: 14, weekly: 14, monthly: 45 };
const dayMs = 24 * 3600 * 1000;

export interface SelectOptions {
  /** Ids of articles of the stories in earlier editions of the newsletter. */
  readonly usedStories: ReadonlySet<string>;
  /** Stories first seen published up to this instant were considered before; null: none were. */
  readonly lastCutoff: Instant | null;
  readonly now: Instant;
  /** Of a day, week or month the best is chosen; default `each`. */
  readonly rhythm?: Rhythm;
  /** By hand: dated at or after this instant, whenever it was first seen published. */
  readonly since?: Instant;
  /** By hand: exactly these, in this order, used before or not. */
  readonly slugs?: readonly string[];
}

/** What a reader or newsletter asks for: keys of `silkpost.yaml`; empty means all. */
export interface Choice {
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}

/**
 * The stories of a newsletter's next edition: lead and breaking ones first, briefs last, each newest first, cut at
 * the newsletter's limit. Of the best of a day, week or month, no country takes more than a third while others have news.
 *
 * @throws AppError `invalid` for a slug that no published article has.
 */
export function selectStories(
  published: PublishedCatalog,
  newsletter: Newsletter,
  options: SelectOptions,
): readonly Story[] {
  if (options.slugs) {
    const named = options.slugs.map((slug) => storyBySlug(published, slug));
    return [...new Map(named.map((story) => [story.key, story])).values()];
  }
  const fresh = published.stories.filter((story) => isNew(story, options) && !isUsed(story, options));
  const { limit } = newsletter.select;
  const ordered = storiesForChoice(fresh, newsletter.select).toSorted(
    (a, b) => rank(a) - rank(b) || descending(a.original.date, b.original.date) || descending(b.key, a.key),
  );
  return (options.rhythm ?? 'each') === 'each' ? ordered.slice(0, limit) : bestOf(ordered, limit);
}

/** The first ones, in their order, so that each country has its share; what is left of the room goes to whoever is next. */
function bestOf(ordered: readonly Story[], limit: number): readonly Story[] {
  const share = Math.max(1, Math.floor(limit / 3));
  const taken = new Map<string, number>();
  const chosen = new Set<Story>();
  for (const story of ordered) {
    const { countries } = story.original;
    if (chosen.size === limit || countries.some((country) => (taken.get(country) ?? 0) >= share)) continue;
    for (const country of countries) taken.set(country, (taken.get(country) ?? 0) + 1);
    chosen.add(story);
  }
  for (const story of ordered) if (chosen.size < limit) chosen.add(story);
  return ordered.filter((story) => chosen.has(story));
}

/** The stories that a choice lets through, in their order. A story of several countries matches any of them. */
export function storiesForChoice(stories: readonly Story[], choice: Choice): readonly Story[] {
  const chosen = (keys: readonly string[], wanted: readonly string[]): boolean =>
    wanted.length === 0 || keys.some((key) => wanted.includes(key));
  return stories.filter(
    ({ original }) => chosen(original.countries, choice.countries) && chosen(original.topics, choice.topics),
  );
}

/** Whatever language it came in: a story's key changes where an earlier language of the publication gets it later. */
function isUsed({ byLanguage }: Story, { usedStories }: SelectOptions): boolean {
  return [...byLanguage.values()].some(({ id }) => usedStories.has(id));
}

function isNew({ original }: Story, { since, lastCutoff, now, rhythm = 'each' }: SelectOptions): boolean {
  if (since !== undefined) return original.date >= since;
  const seen = original.publishedAt;
  if (lastCutoff !== null && seen !== null && seen <= lastCutoff) return false;
  return original.date >= plusMs(now, -maxAgeDays[rhythm] * dayMs);
}

function rank({ original }: Story): number {
  switch (original.priority) {
    case 'breaking':
    case 'lead':
      return 0;
    case 'normal':
      return 1;
    case 'brief':
      return 2;
    default:
      return original.priority satisfies never;
  }
}

function descending(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}

function storyBySlug(published: PublishedCatalog, slug: string): Story {
  const article = published.articles.find((candidate) => candidate.slug === slug || candidate.storySlug === slug);
  const story = article ? published.findStory(article) : null;
  if (story) return story;
  const nearest = nearestKey(slug, [...new Set(published.articles.map((candidate) => candidate.slug))]);
  throw new AppError(
    'invalid',
    `No published article has the slug “${slug}”.${nearest === null ? '' : ` Did you mean “${nearest}”?`}`,
  );
}
