import { describe, expect, it } from 'vitest';
import { changedArticle, PackedArticle, plainArticle } from '../../../src/content/catalog/packed-article.ts';
import { createRecordPacker } from '../../../src/content/catalog/record-packer.ts';
import { exampleArticle, exampleRecord, plainRecord } from '../../support/article-record.ts';

const full = exampleArticle({
  title: 'گفت‌وگو «در» تهران \u{1F54A}',
  translation: 'machine',
  place: { name: 'تهران', lat: 35.6892, lon: 51.389 },
  image: { url: 'https://a.example/a.svg', rasterUrl: 'https://a.example/a.png', alt: 'A map', width: 800 },
  audio: { url: 'https://a.example/a.mp3', type: 'audio/mpeg', bytes: 7, duration: 61 },
  link: 'https://a.example/',
  url: 'https://a.example/',
  sources: [{ title: 'A report', url: 'https://a.example/report' }],
  priority: 'lead',
  corrections: [{ date: '2023-04-10T00:00:00.000Z', text: 'It was Monday.' }],
  authors: [{ key: 'ann', name: 'Ann' }],
  countries: ['iran', 'armenia'],
  topics: ['security'],
  aliases: ['/old'],
  formerAddresses: ['en/old'],
  attachments: [{ name: 'a.png', path: 'a.png', bytes: 7 }],
  updated: '2023-04-10T00:00:00.000Z',
  withdrawnAt: '2023-04-11T00:00:00.000Z',
});

describe('createRecordPacker', () => {
  it('leaves what records say as it is', () => {
    const packer = createRecordPacker();
    const records = [full, exampleArticle({ slug: 'plain' }), exampleArticle({ slug: 'draft', publishedAt: null })].map(
      (article) => exampleRecord(article, { goneAt: '2024-01-01T00:00:00.000Z' }),
    );
    const packed = records.map((record) => packer.pack(record));
    expect(packed.map(plainRecord)).toEqual(records);
    expect(packed.every(({ article }) => article instanceof PackedArticle)).toBe(true);
  });

  it('reads the details of each of thousands of articles, whatever was read before', () => {
    const packer = createRecordPacker();
    const titles = Array.from({ length: 3000 }, (_, index) => `Заголовок ${index}`);
    // One is larger than a block.
    const packed = titles.map((title, index) => {
      const summary = index === 7 ? 'many words '.repeat(10_000) : 'A few.';
      return packer.pack(exampleRecord(exampleArticle({ slug: `story-${index}`, title, summary }))).article;
    });
    expect(packed.toReversed().map(({ title }) => title)).toEqual(titles.toReversed());
    expect(packed.map(({ title }) => title)).toEqual(titles);
    expect(packed[7]?.summary).toHaveLength(110_000);
  });

  it('lets equal lists and texts of two records be the same', () => {
    const packer = createRecordPacker();
    const [one, two] = ['one', 'two'].map((slug) => {
      const article = exampleArticle({ slug, countries: ['iran'], authors: [{ key: null, name: 'Ann' }] });
      return packer.pack(exampleRecord(article)).article;
    });
    expect(one?.countries).toBe(two?.countries);
    expect(one?.authors).toBe(two?.authors);
    expect(one?.aliases).toBe(two?.attachments);
  });

  it('packs no record twice', () => {
    const packer = createRecordPacker();
    const packed = packer.pack(exampleRecord(full));
    expect(packer.pack(packed)).toBe(packed);
  });
});

describe('changedArticle', () => {
  it('changes the core, and keeps the details of a packed article as those of a plain one', () => {
    const packed = createRecordPacker().pack(exampleRecord(full)).article;
    const change = { status: 'withdrawn', contentHash: 'other' } as const;
    expect(plainArticle(changedArticle(packed, change))).toEqual({ ...full, ...change });
    expect(changedArticle(full, change)).toEqual({ ...full, ...change });
    expect(plainArticle(packed)).toEqual(full);
  });
});
