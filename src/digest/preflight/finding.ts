import type { Article } from '../../content/index.ts';

/** What preflight looks for; docs/checking.md has a line on each. */
export type FindingCode =
  | 'template-fault'
  | 'too-long'
  | 'near-clip'
  | 'insecure-url'
  | 'no-postal-address'
  | 'empty-subject'
  | 'long-subject'
  | 'placeholder'
  | 'dead-link'
  | 'unchecked-link'
  | 'missing-picture'
  | 'missing-alt'
  | 'article-problem'
  | 'untranslated'
  | 'nothing-for-language'
  | 'no-readers'
  | 'readers-far';

/** `blocking`: it should not go out so. */
export type FindingSeverity = 'blocking' | 'warning';

/** Where a finding is, as far as it is anywhere. */
export interface FindingPlace {
  /** Of the mail or the article. */
  readonly lang: string | null;
  readonly article: Pick<Article, 'id' | 'lang' | 'title' | 'url'> | null;
  /** Path relative to the publication's folder. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
}

/** Something about an edition that deserves a look before it goes out. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly where: FindingPlace;
  /** What is wrong: one sentence. */
  readonly sentence: string;
  /** One sentence for whoever mends it. */
  readonly whatToDo: string;
}

export const nowhere: FindingPlace = { lang: null, article: null, file: null, line: null };

/** Blocking ones first, otherwise as they were; none twice. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const distinct = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  return distinct.toSorted((a, b) => Number(b.severity === 'blocking') - Number(a.severity === 'blocking'));
}

export function isBlocked(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'blocking');
}
