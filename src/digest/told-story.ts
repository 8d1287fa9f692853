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
