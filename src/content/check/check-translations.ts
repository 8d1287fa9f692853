import type { Instant } from '../../clock.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn, writtenStateAt } from './checked-article.ts';

/** A `translationOf` or `translation` without an original, and two articles of one language in one story. */
export function checkTranslations(articles: readonly CheckedArticle[]): ContentProblem[] {
  const problems: ContentProblem[] = [];
  for (const [storySlug, versions] of Map.groupBy(articles, ({ fields }) => fields.storySlug)) {
    for (const article of versions) {
      if (versions.some((other) => other.fields.lang !== article.fields.lang)) continue;
      if (article.fields.translation !== null) {
        const message = 'There is no article that this could be a translation of. Name the original by translationOf.';
        problems.push(problemIn(article, 'translation', 'missing-original', message));
      }
      if (article.fields.storySlug === article.fields.slug) continue;
      const message = `There is no article “${storySlug}” in another language. Write the slug of the original.`;
      problems.push(problemIn(article, 'translationOf', 'missing-original', message));
    }
    for (const sameLanguage of Map.groupBy(versions, ({ fields }) => fields.lang).values()) {
      const [first, ...others] = sameLanguage;
      for (const other of others) {
        // Two files at one address are told of already.
        if (!first || other.fields.slug === first.fields.slug) continue;
        const message = `content/${first.path} is this story in ${other.fields.lang} already. Correct one translationOf.`;
        problems.push(problemIn(other, 'translationOf', 'translated-twice', message));
      }
    }
  }
  return problems;
}

/** Stories that are out in some languages and lack others. */
export interface MissingTranslations {
  readonly stories: number;
  /** How many of them lack each language, in the publication's order; none left out. */
  readonly byLanguage: ReadonlyMap<string, number>;
  /** One for each story that lacks one. */
  readonly problems: readonly ContentProblem[];
}

export function findMissingTranslations(
  articles: readonly CheckedArticle[],
  languages: readonly string[],
  now: Instant,
): MissingTranslations {
  const out = articles.filter(({ fields }) => writtenStateAt(fields, now) === 'published');
  const stories = Map.groupBy(out, ({ fields }) => fields.storySlug);
  const byLanguage = new Map(languages.map((lang) => [lang, 0]));
  const problems: ContentProblem[] = [];
  for (const versions of stories.values()) {
    const present = new Set(versions.map(({ fields }) => fields.lang));
    const missing = languages.filter((lang) => !present.has(lang));
    for (const lang of missing) byLanguage.set(lang, (byLanguage.get(lang) ?? 0) + 1);
    const [original] = versions.toSorted((a, b) => languages.indexOf(a.fields.lang) - languages.indexOf(b.fields.lang));
    if (!original || missing.length === 0) continue;
    const message = `This story isn’t there in ${missing.join(', ')}.`;
    problems.push(problemIn(original, null, 'missing-translation', message));
  }
  return { stories: stories.size, byLanguage, problems };
}
