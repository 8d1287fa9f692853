import { feedFormats } from '../feed.ts';
import type { WantedEntry } from './entry-pieces.ts';
import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';
import type { OrderBatch } from './order-book.ts';
import { listKeys } from './piece-list.ts';
import type { Printed } from './print-document.ts';

/** What a publication makes of its orders. */
export interface PressPlan {
  /** Documents that are served as they are, by path. */
  readonly kept: Map<string, Printed>;
  /** What is made at once. */
  readonly orders: readonly Order[];
  /** Archive documents that are made later, the most urgent first. */
  readonly waiting: readonly Order[];
}

/** Archive documents that a publication makes at once: what was withdrawn or corrected, or has just filled. More wait. */
const archivesAtOnce = 60;

/**
 * @param before What was published the last time, by path.
 * @param isThere Whether a document lies where it was written: somebody may have emptied the folder. Archives aren't
 * looked for, of which there are thousands.
 * @param begin Told of the first that are made, before the others are known.
 */
export async function planPress(
  batches: AsyncIterable<OrderBatch>,
  before: ReadonlyMap<string, Printed>,
  isThere: (document: FeedDocument) => boolean,
  begin: (orders: readonly Order[]) => void,
): Promise<PressPlan> {
  const kept = new Map<string, Printed>();
  const changed: Order[] = [];
  const archives: Order[] = [];
  for await (const { orders, isArchive } of batches) {
    if (isArchive) {
      archives.push(...orders);
      continue;
    }
    const isFirst = changed.length === 0;
    for (const order of orders) {
      const old = before.get(order.path);
      if (old && old.inputs === order.inputs && isThere(old.document)) kept.set(order.path, old);
      else changed.push(order);
    }
    if (isFirst && changed.length > 0) begin([...changed]);
  }

  const [outdated, fresh]: [Order[], Order[]] = [[], []];
  for (const order of archives) {
    const old = before.get(order.path);
    if (old && old.inputs === order.inputs) kept.set(order.path, old);
    else if (old) outdated.push(order);
    else fresh.push(order);
  }
  const urgent = outdated.length <= archivesAtOnce ? outdated : [];
  const waiting = urgent === outdated ? [] : outdated;
  (hasFilled(before, fresh.length) ? urgent : waiting).push(...fresh);
  for (const order of waiting) {
    const old = before.get(order.path);
    // What holds more than it may isn't served a moment longer; the rest may wait for its turn.
    if (old && holdsNoMore(old, order.wanted)) kept.set(order.path, old);
  }
  return { kept, orders: [...changed, ...urgent], waiting };
}

/**
 * Whether archive documents that never were are a part that has just filled: it is made at once, since the home feed
 * leads to it. More of them are an archive to be made.
 */
export function hasFilled(before: ReadonlyMap<string, Printed>, fresh: number): boolean {
  return before.size > 0 && fresh <= feedFormats.length;
}

/** Whether a document that waits to be made anew holds nothing that its next one doesn't. */
function holdsNoMore({ list }: Printed, wanted: readonly WantedEntry[]): boolean {
  const keys = new Set(wanted.map(({ key }) => key));
  const all = listKeys(list);
  const kept = all.filter((key) => keys.has(key)).length;
  // None at all: the publication's texts changed, and with them every key.
  return kept === all.length || (kept === 0 && all.length <= wanted.length);
}
