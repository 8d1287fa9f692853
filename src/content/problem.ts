/** Something an editor has to mend: where it is and what to do. */
export interface ContentProblem {
  /** Path relative to the publication's folder. */
  readonly file: string;
  /** From 1; null where the whole file is meant. */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted front-matter field (`image.src`), or null. */
  readonly field: string | null;
  /** Short kebab-case word (`missing-title`, `unknown-key`, `duplicate-slug` …). */
  readonly code: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
  /** Whether the article was left out (true) or only deserves a look (false). */
  readonly blocking: boolean;
}
