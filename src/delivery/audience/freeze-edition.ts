import { type Instant, plusMs } from '../../clock.ts';
import type { Story } from '../../content/index.ts';
import type { Edition, EditionPieces, Newsletter } from '../../digest/index.ts';
import type { Site } from '../../site.ts';
import type { Rhythm } from '../../subscribers/index.ts';
import type { FreezeInput } from '../delivery-ledger.ts';
import type { ReaderGroup } from './audience-store.ts';
import { frozenStory } from './past-story.ts';
import { createVariantFor } from './variant-for.ts';

export interface FreezeRequest {
  readonly site: Site;
  readonly edition: Pick<Edition, 'id' | 'selection' | 'audience' | 'arrangement' | 'revision'>;
  readonly newsletter: Newsletter;
  /** It goes to readers with one of these. */
  readonly rhythms: readonly Rhythm[];
  /** In the edition's order. */
  readonly stories: readonly Story[];
  /** One per language. */
  readonly pieces: readonly EditionPieces[];
  /** Its readers: their variants are put together before the first transaction. */
  readonly groups: readonly ReaderGroup[];
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
  const variantFor = createVariantFor({ ...request, arrangement: edition.arrangement });
  for (const { choice, had } of request.groups) variantFor(choice, had);
  return {
    editionId: edition.id,
    revision: edition.revision,
    newsletter: newsletter.name,
    rhythms: request.rhythms,
    audience: edition.audience,
    transport: request.transport,
    excludeReserved: request.excludeReserved,
    // Whoever names stories has looked at no other: what came out meanwhile is still new for the next edition.
    cutoff: edition.selection.slugs === null ? now : null,
    expiresAt: plusMs(now, newsletter.expiresMs),
    now,
    stories: stories.map(frozenStory),
    pieces,
    again: edition.selection.again ?? false,
    variantFor,
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  };
}
