import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePreferenceForm } from '../../src/subscribers/preference-form.ts';

const choices = {
  languages: ['en', 'fa', 'hy'],
  countries: ['armenia', 'georgia'],
  topics: ['security'],
  newsletters: ['weekly', 'daily'],
};
const now = '2026-11-27T20:30:00.000Z'; // after midnight in Tbilisi

const names = [
  'newsletter',
  'rhythm-weekly',
  'until-weekly',
  'held-weekly',
  'until',
  'language',
  'country',
  'topic',
  'whole',
];
const values = ['weekly', 'daily', 'en', 'fa', 'armenia', 'security', 'monthly', 'each', '2026-12-24', '1', ''];
const field = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string()),
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, fc.string({ unit: 'binary' })),
);

describe('parsePreferenceForm', () => {
  it('takes from whatever is posted only what there is to choose', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const parsed = parsePreferenceForm(new URLSearchParams(fields), choices, 'Asia/Tbilisi', now);
        if (!parsed.ok) return;
        const { languages, countries, topics, newsletters } = parsed.wishes;
        expect(languages.length).toBeGreaterThan(0);
        expect(choices.languages).toEqual(expect.arrayContaining([...new Set(languages)]));
        expect(choices.countries).toEqual(expect.arrayContaining([...countries]));
        expect(choices.topics).toEqual(expect.arrayContaining([...topics]));
        for (const [name, { rhythm, pause }] of newsletters) {
          expect(choices.newsletters).toContain(name);
          expect(['each', 'daily', 'weekly', 'monthly']).toContain(rhythm);
          if (pause?.until) expect(pause.until > now).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['2026-11-28', null], // today, where the publication is
    ['2026-11-29', '2026-11-28T20:00:00.000Z'],
    ['2027-11-28', '2027-11-27T20:00:00.000Z'],
    ['2027-11-29', null],
    ['2027-02-29', null],
    ['20261201', null],
    [' 2026-12-01', null],
  ])('counts days as the publication’s calendar does: %s', (day, until) => {
    const form = new URLSearchParams([
      ['newsletter', 'weekly'],
      ['until-weekly', day],
      ['language', 'en'],
      ['whole', '1'],
    ]);
    const parsed = parsePreferenceForm(form, choices, 'Asia/Tbilisi', now);
    expect(parsed.ok ? parsed.wishes.newsletters.get('weekly')?.pause?.until : null).toBe(until);
  });
});
