import { describe, expect, it, vi } from 'vitest';
import type { FeedDocument } from '../../../src/feeds/press/feed-document.ts';
import { createOrderMaker, type Order } from '../../../src/feeds/press/feed-order.ts';
import { OnDemandDocuments } from '../../../src/feeds/press/on-demand-documents.ts';
import { feedOf, noon, siteOf } from '../../support/feed-fixtures.ts';

const order = createOrderMaker(siteOf()).one(feedOf([]), 'rss');

function orderOf(number: number): Order {
  return createOrderMaker(siteOf()).one({ ...feedOf([]), title: String(number) }, 'rss');
}

function documentOf(etag: string): FeedDocument {
  const { path, format } = order;
  return { path, format, etag, url: order.feed.urls.rss, size: 1, lastModified: noon, maxAge: 900, hubs: [] };
}

describe('OnDemandDocuments', () => {
  it('makes a document once for all who ask while it is made, and afterwards', async () => {
    const making = Promise.withResolvers<FeedDocument>();
    let made = 0;
    const documents = new OnDemandDocuments(
      () => {
        made += 1;
        return making.promise;
      },
      () => undefined,
    );
    const asked = [documents.get(order), documents.get(createOrderMaker(siteOf()).one(feedOf([]), 'rss'))];
    const document = documentOf('"a"');
    making.resolve(document);
    for (const got of await Promise.all(asked)) expect(got).toBe(document);
    expect(await documents.get(order)).toBe(document);
    expect(made).toBe(1);
  });

  it('keeps nothing of what could not be made: who asks next has it tried again', async () => {
    let made = 0;
    const documents = new OnDemandDocuments(
      async () => {
        made += 1;
        if (made === 1) throw new Error('The disk is full.');
        return documentOf('"b"');
      },
      () => undefined,
    );
    const asked = await Promise.allSettled([documents.get(order), documents.get(order)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await documents.get(order)).toEqual(documentOf('"b"'));
    expect(made).toBe(2);
  });

  it('makes two at once while others wait, and takes no more of them than it can make soon', async () => {
    const making: PromiseWithResolvers<FeedDocument>[] = [];
    const documents = new OnDemandDocuments(
      () => {
        const one = Promise.withResolvers<FeedDocument>();
        making.push(one);
        return one.promise;
      },
      () => undefined,
    );
    const asked = Array.from({ length: 102 }, (_, number) => documents.get(orderOf(number)));
    await expect(documents.get(orderOf(102))).rejects.toMatchObject({ code: 'unavailable' });
    // It is being made: that is no more work.
    asked.push(documents.get(orderOf(1)));
    for (let number = 0; number < 102; number++) {
      await vi.waitFor(() => expect(making.length).toBeGreaterThan(number), { interval: 1 });
      expect(making.length).toBeLessThanOrEqual(number + 2);
      making[number]?.resolve(documentOf(`"${number}"`));
    }
    const etags = (await Promise.all(asked)).map(({ etag }) => etag);
    expect(new Set(etags).size).toBe(102);
  });

  it('goes on with those who wait where one can’t be made', async () => {
    let made = 0;
    const documents = new OnDemandDocuments(
      async () => {
        made += 1;
        if (made < 3) throw new Error('The disk is full.');
        return documentOf('"c"');
      },
      () => undefined,
    );
    const asked = await Promise.allSettled([0, 1, 2, 3].map((number) => documents.get(orderOf(number))));
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('keeps no more bytes than there is room for, and the document asked for last in any case', async () => {
    const gone: string[] = [];
    const sizes = [10, 10, 20, 50].map((mb) => mb * 1024 * 1024);
    const documents = new OnDemandDocuments(
      async ({ feed }) => ({ ...documentOf(`"${feed.title}"`), size: sizes[Number(feed.title)] ?? 0 }),
      ({ etag }) => gone.push(etag),
    );
    for (const number of [0, 1, 0, 2]) await documents.get(orderOf(number));
    expect(gone).toEqual(['"1"']);
    await documents.get(orderOf(3));
    expect(gone).toEqual(['"1"', '"0"', '"2"']);
  });
});
