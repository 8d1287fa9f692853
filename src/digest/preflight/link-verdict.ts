/** What is known of an address that was looked up. */
export type LinkVerdict =
  | { readonly kind: 'alive' }
  /** It leads nowhere; `why` ends a sentence, without its full stop. */
  | { readonly kind: 'dead'; readonly why: string }
  /** Its server wouldn't say. */
  | { readonly kind: 'unknown'; readonly why: string };

export const alive: LinkVerdict = { kind: 'alive' };
