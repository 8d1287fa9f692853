import type { Instant } from '../clock.ts';
import { isPartOf, unique, withoutAll } from './chosen-keys.ts';
import { parsePauseDay } from './pause-date.ts';
import type { ReaderChoices } from './reader-fields.ts';
import { type Rhythm, rhythms } from './subscription.ts';

/** How a newsletter that a reader wants shall come. */
export interface SubscriptionWish {
  readonly rhythm: Rhythm;
  readonly pause: Pause | null;
}

/** Until an instant; null: until the reader ends it. */
export interface Pause {
  readonly until: Instant | null;
}

/** Everything that the preferences page asks, as the reader left it. */
export interface PreferenceWishes {
  /** In the order of preference, at least one. */
  readonly languages: readonly string[];
  /** Keys; empty means all. */
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  /** By newsletter; one that isn't there isn't wanted. */
  readonly newsletters: ReadonlyMap<string, SubscriptionWish>;
}

/** What is wrong with a form; a sentence in each language says it. */
export type PreferenceFault =
  /** Not the whole form: cut short, of another kind, or none at all. */
  | 'incomplete'
  /** It names something that there isn't, or isn't any more. */
  | 'unknown'
  | 'no_language'
  /** A day that a pause can't end on. */
  | 'day';

export type ParsedPreferences =
  | { readonly ok: true; readonly wishes: PreferenceWishes }
  | { readonly ok: false; readonly fault: PreferenceFault };

/** The fields of the page's form. */
export const preferenceFields = {
  /** Present once in a whole form; stands last, so that a form cut short lacks it. */
  whole: 'whole',
  newsletter: 'newsletter',
  rhythm: (newsletter: string) => `rhythm-${newsletter}`,
  /** A day, or empty. */
  until: (newsletter: string) => `until-${newsletter}`,
  /** Ticked: paused until it is unticked. */
  held: (newsletter: string) => `held-${newsletter}`,
  /** A day for all newsletters that are wanted, or empty. */
  untilForAll: 'until',
  language: 'language',
  country: 'country',
  topic: 'topic',
} as const;

const fields = preferenceFields;

/** Reads what the preferences page's form says, strictly: one thing that isn't understood, and nothing of it counts. */
export function parsePreferenceForm(
  form: URLSearchParams,
  choices: ReaderChoices,
  timezone: string,
  now: Instant,
): ParsedPreferences {
  if (form.get(fields.whole) === null) return refused('incomplete');
  const languages = unique(form.getAll(fields.language).filter((language) => language !== ''));
  const countries = unique(form.getAll(fields.country));
  const topics = unique(form.getAll(fields.topic));
  const wanted = unique(form.getAll(fields.newsletter));
  if (languages.length === 0) return refused('no_language');
  const isKnown =
    isPartOf(languages, choices.languages) &&
    isPartOf(countries, choices.countries) &&
    isPartOf(topics, choices.topics) &&
    isPartOf(wanted, choices.newsletters);
  if (!isKnown) return refused('unknown');

  const newsletters = new Map<string, SubscriptionWish>();
  for (const name of wanted) {
    const rhythm = rhythms.find((known) => known === (form.get(fields.rhythm(name)) ?? 'each'));
    if (rhythm === undefined) return refused('unknown');
    const day = form.get(fields.untilForAll) || form.get(fields.until(name)) || null;
    const until = day === null ? null : parsePauseDay(day, timezone, now);
    if (day !== null && until === null) return refused('day');
    const isPaused = until !== null || form.get(fields.held(name)) !== null;
    newsletters.set(name, { rhythm, pause: isPaused ? { until } : null });
  }
  const wishes: PreferenceWishes = {
    languages,
    countries: withoutAll(countries, choices.countries),
    topics: withoutAll(topics, choices.topics),
    newsletters,
  };
  return { ok: true, wishes };
}

function refused(fault: PreferenceFault): ParsedPreferences {
  return { ok: false, fault };
}
