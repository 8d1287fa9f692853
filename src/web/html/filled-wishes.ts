import { preferenceFields as fields, type PreferenceWishes, pauseDayText, rhythms } from '../../subscribers/index.ts';

/** What stands in the fields of the preferences page's form. */
export interface FilledWishes {
  readonly wishes: PreferenceWishes;
  /** The day that a newsletter's pause ends on, by its name; any text where it was typed. */
  readonly days: ReadonlyMap<string, string>;
  /** The one for all newsletters, or empty. */
  readonly dayForAll: string;
}

/** What a reader has chosen before. */
export function chosenWishes(wishes: PreferenceWishes, timezone: string): FilledWishes {
  const days = [...wishes.newsletters].flatMap(([name, { pause }]) =>
    pause === null || pause.until === null ? [] : [[name, pauseDayText(pause.until, timezone)] as const],
  );
  return { wishes, days: new Map(days), dayForAll: '' };
}

/** What was typed, as far as the page can show it again: keys that there aren't have no box. */
export function typedWishes(form: URLSearchParams): FilledWishes {
  const wanted = form.getAll(fields.newsletter);
  const wishOf = (name: string) => ({
    rhythm: rhythms.find((known) => known === form.get(fields.rhythm(name))) ?? 'each',
    pause: form.has(fields.held(name)) ? { until: null } : null,
  });
  return {
    wishes: {
      languages: form.getAll(fields.language).filter((lang) => lang !== ''),
      countries: form.getAll(fields.country),
      topics: form.getAll(fields.topic),
      newsletters: new Map(wanted.map((name) => [name, wishOf(name)])),
    },
    days: new Map(wanted.map((name) => [name, form.get(fields.until(name)) ?? ''])),
    dayForAll: form.get(fields.untilForAll) ?? '',
  };
}
