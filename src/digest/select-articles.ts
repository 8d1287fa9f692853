import { type Instant, plusMs } from '../clock.ts';
import type { PublishedCatalog, Story } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { type Arrangement, inGivenOrder, isKeyOf, unarranged } from './arrangement.ts';
import type { Newsletter } from './newsletter.ts';
import type { StorySelection, WhyChosen, WhyOmitted } from './story-selection.ts';

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
  /** What an operator changed; default: nothing. */
  readonly arrangement?: Arrangement;
}

/** What a reader or newsletter asks for: keys of `silkpost.yaml`; empty means all. */
export interface Choice {
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}

/**
 * The stories of a newsletter's next edition: pinned ones, then lead and breaking ones, briefs last, each newest first,
 * cut at the newsletter's limit. Of the best of a day, week or month, no country takes more than a third while others
 * have news. What an operator arranged comes on top of that.
 *
 * @throws AppError `invalid` for a slug that no published article has.
 */
export function selectStories(
  published: PublishedCatalog,
  newsletter: Newsletter,
  options: SelectOptions,
): StorySelection {
  const { arrangement = unarranged } = options;
  const { limit } = newsletter.select;
  // By key: each look into the catalog makes a story anew.
  const omitted = new Map<string, WhyOmitted>();
  const pinned = unique(arrangement.pinned.flatMap((key) => storyByKey(published, key) ?? []));
  const taken = new Set(pinned.map(({ key }) => key));
  const candidates: Story[] = [];
  const named = options.slugs && unique(options.slugs.map((slug) => storyBySlug(published, slug)));
  for (const story of named ?? published.stories) {
    if (taken.has(story.key)) continue;
    const leftOut = arrangement.leftOut.find(({ key }) => isKeyOf(key, story));
    const why = leftOut
      ? ({ kind: 'left_out', by: leftOut.by } as const)
      : named
        ? null
        : whyNotNew(story, newsletter, options);
    if (why === null) candidates.push(story);
    else omitted.set(story.key, why);
  }
  const ordered = named ? candidates : candidates.toSorted(byRank);
  const room = named ? ordered.length : Math.max(0, limit - pinned.length);
  const best = (options.rhythm ?? 'each') === 'each' || named ? ordered.slice(0, room) : bestOf(ordered, room, pinned);
  for (const story of best) taken.add(story.key);
  for (const { key } of ordered) if (!taken.has(key)) omitted.set(key, { kind: 'over_limit', limit });
  const why = whyTaken(options);
  return {
    chosen: [
      ...pinned.map((story) => ({ story, why: { kind: 'pinned' } as const })),
      ...inGivenOrder(best, arrangement.order).map((story) => ({ story, why })),
    ],
    omitted: published.stories
      .filter(({ key }) => !taken.has(key))
      .map((story) => ({ story, why: omitted.get(story.key) ?? { kind: 'not_named' } })),
    gone: arrangement.pinned.filter((key) => storyByKey(published, key) === null),
  };
}

/** The first ones, in their order, so that each country has its share; what is left of the room goes to whoever is next. */
function bestOf(ordered: readonly Story[], room: number, pinned: readonly Story[]): readonly Story[] {
  const share = Math.max(1, Math.floor((room + pinned.length) / 3));
  const taken = new Map<string, number>();
  const take = ({ original }: Story): void => {
    for (const country of original.countries) taken.set(country, (taken.get(country) ?? 0) + 1);
  };
  pinned.forEach(take);
  const chosen = new Set<Story>();
  for (const story of ordered) {
    const isFull = story.original.countries.some((country) => (taken.get(country) ?? 0) >= share);
    if (chosen.size === room || isFull) continue;
    take(story);
    chosen.add(story);
  }
  for (const story of ordered) if (chosen.size < room) chosen.add(story);
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

/** Null: it is new. */
function whyNotNew(story: Story, newsletter: Newsletter, options: SelectOptions): WhyOmitted | null {
  const { since, lastCutoff, now, rhythm = 'each' } = options;
  const { date, publishedAt } = story.original;
  if (isUsed(story, options)) return { kind: 'used' };
  if (storiesForChoice([story], newsletter.select).length === 0) return { kind: 'elsewhere' };
  if (since !== undefined) return date >= since ? null : { kind: 'too_old', since };
  if (lastCutoff !== null && publishedAt !== null && publishedAt <= lastCutoff) {
    return { kind: 'passed_over', cutoff: lastCutoff };
  }
  const oldest = plusMs(now, -maxAgeDays[rhythm] * dayMs);
  return date >= oldest ? null : { kind: 'too_old', since: oldest };
}

function whyTaken({ slugs, since, lastCutoff }: SelectOptions): WhyChosen {
  if (slugs) return { kind: 'named' };
  return since === undefined ? { kind: 'new', since: lastCutoff } : { kind: 'dated', since };
}

function byRank(a: Story, b: Story): number {
  return rank(a) - rank(b) || descending(a.original.date, b.original.date) || descending(b.key, a.key);
}

function unique(stories: readonly Story[]): readonly Story[] {
  return [...new Map(stories.map((story) => [story.key, story])).values()];
}

function storyByKey(published: PublishedCatalog, key: string): Story | null {
  const article = published.findById(key);
  return article && published.findStory(article);
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
