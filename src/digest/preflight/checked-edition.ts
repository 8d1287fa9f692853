import type { ContentProblem, FullArticle, Story } from '../../content/index.ts';
import type { Site } from '../../site.ts';
import type { Newsletter } from '../newsletter.ts';
import type { EditionPieces } from '../pieces.ts';
import type { FindingPlace } from './finding.ts';
import type { LinkVerdict } from './link-verdict.ts';

/** A mail as readers with equal choices get it. */
export interface CheckedMail {
  readonly lang: string;
  readonly subject: string;
  readonly preheader: string;
  /** Bytes of HTML; null where it is too long to be put together, and `fault` says so. */
  readonly bytes: number | null;
  readonly fault: string | null;
  /** How many get it; null where no readers are known. */
  readonly readers: number | null;
}

/** Who gets an edition, and who got the last one. */
export interface CheckedAudience {
  /** By the language of the mail's own words. */
  readonly byLanguage: ReadonlyMap<string, { readonly readers: number; readonly withNothing: number }>;
  /** Candidates of the last edition of the newsletter and rhythm that went out; null: none, or nothing to compare. */
  readonly last: number | null;
}

/** All that preflight looks at. */
export interface CheckedEdition {
  readonly site: Site;
  readonly newsletter: Pick<Newsletter, 'text' | 'template'>;
  /** Whether mail stays on this machine. */
  readonly local: boolean;
  readonly stories: readonly Story<FullArticle>[];
  /** One per language. */
  readonly pieces: readonly EditionPieces[];
  readonly mails: readonly CheckedMail[];
  /** Null where no readers are known. */
  readonly audience: CheckedAudience | null;
  /** What became of the addresses that were looked up, by URL; one that isn't in it was not. */
  readonly links: ReadonlyMap<string, LinkVerdict>;
  /** What was found wrong with articles when they were read. */
  readonly problems: readonly ContentProblem[];
  /** The lines of an article's file, by its path below `content/`; missing: not known. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** A place in an article: at the first line of its file that one of these tests finds something in. */
export function placeIn(
  { lines }: Pick<CheckedEdition, 'lines'>,
  article: FullArticle,
  ...tests: readonly ((line: string) => boolean)[]
): FindingPlace {
  const written = lines.get(article.path) ?? [];
  const found = tests.map((test) => written.findIndex(test)).find((index) => index >= 0);
  return {
    lang: article.lang,
    article: { id: article.id, lang: article.lang, title: article.title, url: article.url },
    file: `content/${article.path}`,
    line: found === undefined ? null : found + 1,
  };
}

/** Every article of its stories. */
export function articlesOf({ stories }: Pick<CheckedEdition, 'stories'>): readonly FullArticle[] {
  return stories.flatMap(({ byLanguage }) => [...byLanguage.values()]);
}
