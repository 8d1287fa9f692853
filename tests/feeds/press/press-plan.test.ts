import { describe, expect, it } from 'vitest';
import { feedFormats } from '../../../src/feeds/feed.ts';
import { createOrderMaker, type Order } from '../../../src/feeds/press/feed-order.ts';
import type { OrderBatch } from '../../../src/feeds/press/order-book.ts';
import { keysText, noPieces } from '../../../src/feeds/press/piece-list.ts';
import { type PressPlan, planPress } from '../../../src/feeds/press/press-plan.ts';
import type { Printed } from '../../../src/feeds/press/print-document.ts';
import { entryOf, feedOf, noon, siteOf } from '../../support/feed-fixtures.ts';

const maker = createOrderMaker(siteOf());
const home = maker.all(feedOf([]));
const part = (number: number): Order[] => maker.all(feedOf([], { path: `/archive/${number}/` }));

/** Orders as they were printed the last time; with other inputs: before they changed. */
function printed(orders: readonly Order[], inputs?: string, list = noPieces): [string, Printed][] {
  return orders.map((order) => {
    const { path, format } = order;
    const address = { path, format, url: order.feed.urls[format], hubs: [] };
    const document = { ...address, size: 1, etag: `"${path}"`, lastModified: noon, maxAge: 900 };
    return [path, { document, list, inputs: inputs ?? order.inputs }];
  });
}

function plan(archives: readonly Order[], before: readonly [string, Printed][]): Promise<PressPlan> {
  async function* batches(): AsyncGenerator<OrderBatch> {
    yield { orders: home, isArchive: false };
    yield { orders: archives, isArchive: true };
  }
  return planPress(
    batches(),
    new Map(before),
    () => true,
    () => {},
  );
}

const pathsOf = (orders: readonly Order[]): string[] => orders.map(({ path }) => path);

describe('planPress', () => {
  it('has a part that has just filled made at once, in every format', async () => {
    const before = [...printed(home), ...printed(part(1))];
    const { orders, waiting, kept } = await plan([...part(1), ...part(2)], before);
    expect(pathsOf(orders)).toEqual(pathsOf(part(2)));
    expect(waiting).toEqual([]);
    expect([...kept.keys()]).toEqual(pathsOf([...home, ...part(1)]));
  });

  it('lets several fresh parts wait, and all of them at first', async () => {
    const fresh = [...part(2), ...part(3)];
    const running = await plan([...part(1), ...fresh], [...printed(home), ...printed(part(1))]);
    expect([running.orders, pathsOf(running.waiting)]).toEqual([[], pathsOf(fresh)]);
    const first = await plan(part(1), []);
    expect([pathsOf(first.orders), pathsOf(first.waiting)]).toEqual([pathsOf(home), pathsOf(part(1))]);
  });

  it('has outdated parts made at once with the one that has filled, unless they are very many', async () => {
    const few = await plan([...part(1), ...part(2)], [...printed(home), ...printed(part(1), 'older')]);
    expect(pathsOf(few.orders)).toEqual(pathsOf([...part(1), ...part(2)]));
    const outdated = Array.from({ length: 21 }, (_, index) => part(index + 1)).flat();
    expect(outdated).toHaveLength(21 * feedFormats.length);
    const many = await plan([...outdated, ...part(99)], [...printed(home), ...printed(outdated, 'older')]);
    expect(pathsOf(many.orders)).toEqual(pathsOf(part(99)));
    expect(pathsOf(many.waiting)).toEqual(pathsOf(outdated));
  });

  it('serves what waits as it was, unless that holds more than it may: by its keys, or by their number where all are new', async () => {
    const items = ['a', 'b', 'c'].map((slug) => entryOf({ id: `urn:${slug}`, title: slug }));
    const outdated = Array.from({ length: 21 }, (_, index) =>
      maker.all(feedOf(items, { path: `/archive/${index + 1}/` })),
    ).flat();
    const wanted = outdated[0]?.wanted.map(({ key }) => key) ?? [];
    const held: readonly [isServed: boolean, keys: readonly string[]][] = [
      [true, wanted],
      [true, wanted.slice(1)],
      [false, [...wanted, 'withdrawn']],
      [false, ['withdrawn', ...wanted.slice(1)]],
      [true, ['old-a', 'old-b', 'old-c']],
      [false, ['old-a', 'old-b', 'old-c', 'withdrawn']],
    ];
    for (const [isServed, keys] of held) {
      const list = { start: 0, gap: 0, keys: keysText(keys), lengths: keys.map(() => 1) };
      const { kept, waiting } = await plan(outdated, [...printed(home), ...printed(outdated, 'older', list)]);
      expect(waiting).toHaveLength(outdated.length);
      expect(kept.has('/archive/1/rss.xml'), keys.join()).toBe(isServed);
    }
  });
});
