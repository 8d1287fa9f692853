import { type Instant, plusMs } from '../clock.ts';
import type { Story } from '../content/index.ts';
import {
  assembleVariant,
  type Edition,
  type EditionPieces,
  type Newsletter,
  storiesForChoice,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { ChoiceCount, FreezeInput, FrozenVariant, ReaderChoice } from './delivery-ledger.ts';

export interface FreezeRequest {
  readonly edition: Edition;
  readonly newsletter: Newsletter;
  /** In the edition's order. */
  readonly stories: readonly Story[];
  /** One per language; the first is the publication's default. */
  readonly pieces: readonly EditionPieces[];
  /** What the readers have chosen: their variants are put together before the first transaction. */
  readonly choices: readonly ChoiceCount[];
  readonly transport: string;
  readonly excludeReserved: boolean;
  readonly now: Instant;
  readonly onProgress?: (frozen: number) => void;
}

/**
 * What the ledger freezes: the edition's content, and for any choice the variant that it leads to.
 *
 * @throws AppError `invalid` for a variant that is too long for mail.
 */
export function freezeInput(request: FreezeRequest): FreezeInput {
  const { edition, newsletter, stories, pieces, now } = request;
  const variants = new Map<string, FrozenVariant>();
  const variantFor = (choice: ReaderChoice): FrozenVariant | null => {
    const chosen = storiesForChoice(stories, choice).map(({ key }) => key);
    if (chosen.length === 0) return null;
    const inLanguage = pieces.find(({ lang }) => lang === choice.languages[0]) ?? pieces[0];
    if (inLanguage === undefined)
      throw new AppError('internal', `The edition ${edition.id} was rendered in no language.`);
    const identity = JSON.stringify([inLanguage.lang, chosen]);
    const known = variants.get(identity);
    if (known) return known;
    // Kept as asked for, so that it is put together the same when it is sent.
    const { lang, subject, preheader } = assembleVariant(inLanguage, chosen);
    const made = { lang, storyKeys: chosen, subject, preheader };
    variants.set(identity, made);
    return made;
  };
  for (const { choice } of request.choices) variantFor(choice);
  return {
    editionId: edition.id,
    newsletter: newsletter.name,
    transport: request.transport,
    excludeReserved: request.excludeReserved,
    cutoff: now,
    expiresAt: plusMs(now, newsletter.expiresMs),
    now,
    storyKeys: stories.map(({ key }) => key),
    pieces,
    variantFor,
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  };
}
