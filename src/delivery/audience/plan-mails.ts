import { setImmediate as nextTurn } from 'node:timers/promises';
import { assembleVariant, interfaceLanguage } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { FrozenVariant } from '../delivery-ledger.ts';
import type { ReaderGroup } from './audience-store.ts';
import { createVariantFor, type VariantSource } from './variant-for.ts';

/** A mail that an edition would be to readers with equal choices. */
export interface PlannedMail {
  readonly lang: string;
  /** Null where it is too long to be put together; `fault` says so. */
  readonly variant: FrozenVariant | null;
  readonly fault: string | null;
  /** Bytes of its HTML; null for one with a fault. */
  readonly bytes: number | null;
  readonly readers: number;
}

/** What an edition would come to. */
export interface MailPlan {
  readonly mails: readonly PlannedMail[];
  /** By the language of the mail's own words: all readers, and those for whom there is nothing in it. */
  readonly byLanguage: ReadonlyMap<string, { readonly readers: number; readonly withNothing: number }>;
}

/** Puts an edition's mails together without keeping any; what is too long for mail is told rather than thrown. */
export async function planMails(source: VariantSource, groups: readonly ReaderGroup[]): Promise<MailPlan> {
  const variantFor = createVariantFor(source);
  const mails = new Map<FrozenVariant | string, PlannedMail>();
  const byLanguage = new Map<string, { readers: number; withNothing: number }>();
  for (const { choice, had, readers } of groups) {
    const lang = interfaceLanguage(choice.languages, source.site);
    const language = byLanguage.get(lang) ?? { readers: 0, withNothing: 0 };
    const made = await attempt(() => variantFor(choice, had));
    const nothing = made.value === null && made.fault === null;
    byLanguage.set(lang, {
      readers: language.readers + readers,
      withNothing: language.withNothing + (nothing ? readers : 0),
    });
    if (nothing) continue;
    const { value: variant, fault } = made;
    const key = variant ?? `${lang} ${fault}`;
    const known = mails.get(key);
    const bytes = known ? known.bytes : variant && bytesOf(source, variant);
    mails.set(key, { lang, variant, fault, bytes, readers: (known?.readers ?? 0) + readers });
  }
  return { mails: [...mails.values()], byLanguage };
}

/** Each takes about a millisecond: others have their turn in between. */
async function attempt<Value>(make: () => Value): Promise<{ value: Value | null; fault: string | null }> {
  await nextTurn();
  try {
    return { value: make(), fault: null };
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return { value: null, fault: error.message };
    throw error;
  }
}

function bytesOf({ pieces }: VariantSource, { lang, stories }: FrozenVariant): number {
  const inLanguage = pieces.find((candidate) => candidate.lang === lang);
  return inLanguage ? Buffer.byteLength(assembleVariant(inLanguage, stories).html) : 0;
}
