import { describe, expect, it } from 'vitest';
import { parseFeedDocument } from '../../src/web/feed-document-reader.ts';
import { entryOf, renderFeed } from '../support/feed-fixtures.ts';

describe('parseFeedDocument', () => {
  it('reads back what our JSON documents say', () => {
    const entry = entryOf({
      html: '<p>AT&amp;T “said” ]]></p>',
      image: { url: 'https://dispatch.example/map.png', alt: 'Map' },
      audio: { url: 'https://dispatch.example/talk.mp3', type: 'audio/mpeg', length: 5 },
    });
    expect(parseFeedDocument(Buffer.from(renderFeed([entry]).json))).toEqual({
      title: 'The Caucasus Dispatch',
      url: 'https://dispatch.example/feed.json',
      pageUrl: 'https://dispatch.example/',
      items: [
        {
          id: entry.id,
          url: entry.url,
          lang: 'en',
          title: entry.title,
          summary: entry.summary,
          html: '<p>AT&amp;T “said” ]]></p>',
          published: '2023-04-09T14:30:00.000Z',
          modified: '2023-04-10T08:00:00.000Z',
          image: 'https://dispatch.example/map.png',
          authors: ['Ana Beridze'],
          attachments: [{ url: 'https://dispatch.example/talk.mp3', type: 'audio/mpeg' }],
        },
      ],
    });
  });

  it('reads an empty feed', () => {
    expect(parseFeedDocument(Buffer.from(renderFeed([]).json)).items).toEqual([]);
  });

  it.each(['', '[]', '{"title":"A"}', '<rss/>'])('says so where it is none: %s', (text) => {
    expect(() => parseFeedDocument(Buffer.from(text))).toThrow('A feed’s JSON document can’t be read back.');
  });
});
