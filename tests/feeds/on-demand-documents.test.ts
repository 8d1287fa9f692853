import { describe, expect, it } from 'vitest';
import type { FeedDocument } from '../../src/feeds/feed-document.ts';
import { createOrderMaker } from '../../src/feeds/feed-order.ts';
import { OnDemandDocuments } from '../../src/feeds/on-demand-documents.ts';
import { feedOf, noon, siteOf } from '../support/feed-fixtures.ts';

const order = createOrderMaker(siteOf()).one(feedOf([]), 'rss');

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
});
