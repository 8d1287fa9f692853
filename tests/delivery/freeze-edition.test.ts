import { describe, expect, it } from 'vitest';
import type { Article, Story } from '../../src/content/index.ts';
import { freezeInput } from '../../src/delivery/index.ts';
import type { Edition, Newsletter } from '../../src/digest/index.ts';
import { piecesOf } from '../support/mailing.ts';

const now = '2026-11-27T03:00:00.000Z';

/** A story of one country with one topic; only what choosing looks at matters here. */
function story(country: string, topic: string): Story {
  const original = { id: country, countries: [country], topics: [topic] } as unknown as Article; // the rest is not read
  return { key: country, original, byLanguage: new Map([['en', original]]) };
}

const newsletter = { name: 'weekly', expiresMs: 3600_000 } as Newsletter; // the rest is not read
const edition = { id: 'weekly-1' } as Edition; // the rest is not read
const stories = [story('armenia', 'security'), story('georgia', 'economy')];
const pieces = ['en', 'fa'].map((lang) => piecesOf(lang, ['armenia', 'georgia']));

function input() {
  return freezeInput({
    edition,
    newsletter,
    stories,
    pieces,
    choices: [{ choice: { languages: ['en'], countries: [], topics: [] }, readers: 3 }],
    transport: 'outbox',
    excludeReserved: true,
    now,
  });
}

describe('freezeInput', () => {
  it('holds what the edition is frozen with', () => {
    expect(input()).toMatchObject({
      editionId: 'weekly-1',
      newsletter: 'weekly',
      transport: 'outbox',
      excludeReserved: true,
      cutoff: now,
      expiresAt: '2026-11-27T04:00:00.000Z',
      storyKeys: ['armenia', 'georgia'],
    });
  });

  it('leads choices to the same variant by language and stories', () => {
    const { variantFor } = input();
    const all = variantFor({ languages: ['en'], countries: [], topics: [] });
    expect(all).toMatchObject({ lang: 'en', storyKeys: ['armenia', 'georgia'], subject: 'Title of armenia' });
    expect(variantFor({ languages: ['en'], countries: ['georgia', 'armenia'], topics: [] })).toBe(all);
    expect(variantFor({ languages: ['fa'], countries: [], topics: ['economy'] })).toMatchObject({
      lang: 'fa',
      storyKeys: ['georgia'],
      subject: 'Title of georgia',
    });
  });

  it('gives a language that was not rendered the first one, and a choice without stories nothing', () => {
    const { variantFor } = input();
    expect(variantFor({ languages: ['de'], countries: [], topics: [] })).toMatchObject({ lang: 'en' });
    expect(variantFor({ languages: ['en'], countries: ['iran'], topics: [] })).toBeNull();
    expect(variantFor({ languages: ['en'], countries: ['armenia'], topics: ['economy'] })).toBeNull();
  });
});
