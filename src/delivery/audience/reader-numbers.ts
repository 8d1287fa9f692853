import type { StandingExclusion } from '../delivery.ts';
import type { ReaderGroup } from './audience-store.ts';
import { createVariantFor, type VariantSource } from './variant-for.ts';

/** To how many an edition would go; what a freeze makes of the same readers adds up to the same. */
interface ReaderNumbers {
  /** All who would be accounted for. */
  readonly candidates: number;
  /** Those who get it. */
  readonly readers: number;
  /** Of those how many in each language of the mail's own words. */
  readonly byLanguage: ReadonlyMap<string, number>;
  /** The others; `nothing_for_reader`: nothing of it is their choice, or they had it. */
  readonly excluded: ReadonlyMap<StandingExclusion | 'nothing_for_reader', number>;
}

/** @throws AppError `invalid` for a variant that is too long for mail. */
export function countReaders(plan: VariantSource & { readonly groups: readonly ReaderGroup[] }): ReaderNumbers {
  const variantFor = createVariantFor(plan);
  const byLanguage = new Map<string, number>();
  const excluded = new Map<StandingExclusion | 'nothing_for_reader', number>();
  let candidates = 0;
  for (const { choice, had, excluded: standing, readers } of plan.groups) {
    candidates += readers;
    const variant = variantFor(choice, had);
    const reason = standing ?? (variant === null ? 'nothing_for_reader' : null);
    if (reason !== null) excluded.set(reason, (excluded.get(reason) ?? 0) + readers);
    else if (variant !== null) byLanguage.set(variant.lang, (byLanguage.get(variant.lang) ?? 0) + readers);
  }
  const readers = [...byLanguage.values()].reduce((sum, here) => sum + here, 0);
  return { candidates, readers, byLanguage, excluded };
}
