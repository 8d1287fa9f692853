import type { Article, Story } from '../content/index.ts';
import { defaultLanguage, type Site } from '../site.ts';

/** A story as a reader gets it. */
export interface ToldStory {
  readonly key: string;
  /** Of the article. */
  readonly lang: string;
  /** Whether the reader had it before, and gets it again because it has changed since. */
  readonly isUpdate: boolean;
}

/** The article that a reader of these languages gets: the first of them, else the publication's default, else the original. */
export function articleFor<Version extends Article>(
  story: Story<Version>,
  languages: readonly string[],
  site: Site,
): Version {
  const lang = [...languages, defaultLanguage(site)].find((candidate) => story.byLanguage.has(candidate));
  return (lang === undefined ? undefined : story.byLanguage.get(lang)) ?? story.original;
}

/** The language of a mail's own words: the first of a reader's that the publication has, else its default. */
export function interfaceLanguage(languages: readonly string[], site: Site): string {
  return languages.find((lang) => site.languages.includes(lang)) ?? defaultLanguage(site);
}

/**
 * What is told besides, by the language of the mail's own words: where readers with these orders of languages put another
 * one before what the edition falls back to.
 */
export function toldBesides(
  site: Site,
  stories: readonly Story[],
  orders: readonly (readonly string[])[],
): ReadonlyMap<string, readonly Pick<ToldStory, 'key' | 'lang'>[]> {
  const wanted = new Map<string, Map<string, Pick<ToldStory, 'key' | 'lang'>>>();
  for (const languages of orders) {
    const lang = interfaceLanguage(languages, site);
    const besides = wanted.get(lang) ?? new Map();
    wanted.set(lang, besides);
    for (const story of stories) {
      const article = articleFor(story, languages, site);
      if (article.lang === articleFor(story, [lang], site).lang) continue;
      besides.set(JSON.stringify([story.key, article.lang]), { key: story.key, lang: article.lang });
    }
  }
  return new Map([...wanted].map(([lang, besides]) => [lang, [...besides.values()]]));
}
