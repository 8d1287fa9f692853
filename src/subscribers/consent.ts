import type { Instant } from '../clock.ts';

/** What a reader, or somebody for them, said. Only ever added to. */
export interface Consent {
  /** `asked` at a form, `confirmed` by a mail's link, `changed` or `left` since; `vouched`: somebody else's word for it. */
  readonly what: string;
  readonly newsletters: readonly string[];
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  /** What was agreed to, word by word, in `lang`; empty where nothing was. */
  readonly wording: string;
  /** BCP 47; `und` of an operator’s own words. */
  readonly lang: string;
  /** Names the wording: it changes with it. */
  readonly version: string;
  /** `form`, `api`, `import`, `operator`, `page`, `one-click`, `mail`. */
  readonly how: string;
  readonly at: Instant;
  /** Only where the publication keeps it. */
  readonly ip: string | null;
}
