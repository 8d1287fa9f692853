import { describe, expect, it } from 'vitest';
import { type FileIdentity, identifyArticles } from '../../../src/content/catalog/article-ids.ts';
import type { ArticleRecord } from '../../../src/content/index.ts';
import { exampleArticle, exampleRecord } from '../../support/article-record.ts';
import { growth } from '../../support/growth.ts';

const published = '2023-04-09T14:31:00.000Z';
const day = (number: number): string => `2023-04-${String(number).padStart(2, '0')}T00:00:00.000Z`;

function file(path: string, over: Partial<FileIdentity> = {}): FileIdentity {
  const name = path.replace('.md', '');
  return { path, explicitId: null, lang: 'en', slug: name, date: day(1), bodyHash: `body ${name}`, ...over };
}

/** The ledger's record of a file that was seen before, under the id `urn:NAME`. */
function seen(path: string, over: Partial<FileIdentity & { goneAt: string; publishedAt: string | null }> = {}) {
  const { lang, slug, date, bodyHash } = file(path, over);
  const id = `urn:${path.replace('.md', '')}`;
  const publishedAt = over.publishedAt === undefined ? published : over.publishedAt;
  const article = exampleArticle({ id, path, lang, slug, date, publishedAt });
  return exampleRecord(article, { bodyHash, goneAt: over.goneAt ?? null });
}

function identify(files: FileIdentity[], records: ArticleRecord[], unread: string[] = []) {
  const present = new Set([...files.map(({ path }) => path), ...unread]);
  const byId = new Map(records.map((record) => [record.article.id, record]));
  const { ids, problems } = identifyArticles(files, byId, present, ({ slug }, attempt) => `new:${slug}-${attempt}`);
  return { ids: Object.fromEntries(ids), codes: problems.map(({ file: where, code }) => `${where} ${code}`) };
}

describe('identifyArticles', () => {
  it('knows two files that changed their names with each other', () => {
    const { ids, codes } = identify(
      [file('a.md', { slug: 'b', date: day(2), bodyHash: 'b' }), file('b.md', { slug: 'a', bodyHash: 'a' })],
      [seen('a.md', { bodyHash: 'a' }), seen('b.md', { date: day(2), bodyHash: 'b' })],
    );
    expect(ids).toEqual({ 'a.md': 'urn:b', 'b.md': 'urn:a' });
    expect(codes).toEqual([]);
  });

  it('knows a file that was moved to the path of one that was deleted', () => {
    const { ids, codes } = identify(
      [file('a.md', { slug: 'b', date: day(2), bodyHash: 'b' })],
      [seen('a.md'), seen('b.md', { date: day(2), bodyHash: 'b' })],
    );
    expect(ids).toEqual({ 'a.md': 'urn:b' });
    expect(codes).toEqual([]);
  });

  it('takes a wholly new article for new where the old one of its path went elsewhere', () => {
    const { ids, codes } = identify(
      [
        file('a.md', { slug: 'fresh', date: day(9), bodyHash: 'fresh' }),
        file('c.md', { slug: 'a', bodyHash: 'other' }),
      ],
      [seen('a.md')],
    );
    expect(ids).toEqual({ 'a.md': 'new:fresh-1', 'c.md': 'urn:a' });
    expect(codes).toEqual([]);
  });

  it('knows a deleted article that comes back at its path with another date or at another path', () => {
    const gone = { goneAt: day(20) };
    expect(identify([file('a.md', { date: day(5), bodyHash: 'new' })], [seen('a.md', gone)]).ids).toEqual({
      'a.md': 'urn:a',
    });
    expect(identify([file('z.md', { date: day(5), bodyHash: 'body a' })], [seen('a.md', gone)]).ids).toEqual({
      'z.md': 'urn:a',
    });
  });

  it('takes a path over for another article once the first is long gone', () => {
    const { ids, codes } = identify(
      [file('a.md', { slug: 'x', date: day(5), bodyHash: 'x' })],
      [seen('a.md', { goneAt: day(20) })],
    );
    expect(ids).toEqual({ 'a.md': 'new:x-1' });
    expect(codes).toEqual([]);
  });

  it('refuses another id in a published article, and only there', () => {
    const changed = file('a.md', { explicitId: 'urn:other' });
    expect(identify([changed], [seen('a.md')])).toEqual({ ids: {}, codes: ['content/a.md changed-id'] });
    expect(identify([changed], [seen('a.md', { publishedAt: null })]).ids).toEqual({ 'a.md': 'urn:other' });
  });

  it('keeps the article of a refused id from being taken by another file', () => {
    const { ids } = identify(
      [file('a.md', { explicitId: 'urn:other' }), file('copy.md', { slug: 'a', bodyHash: 'body a' })],
      [seen('a.md')],
    );
    expect(ids).toEqual({ 'copy.md': 'new:a-1' });
  });

  it('lets a file without text be no other file without text', () => {
    const { ids } = identify([file('new.md', { bodyHash: '', date: day(3) })], [seen('old.md', { bodyHash: '' })]);
    expect(ids).toEqual({ 'new.md': 'new:new-1' });
  });

  it('leaves the article of an unreadable file to it', () => {
    const moved = file('copy.md', { slug: 'a', bodyHash: 'body a' });
    expect(identify([moved], [seen('a.md')], ['a.md']).ids).toEqual({ 'copy.md': 'new:a-1' });
    expect(identify([moved], [seen('a.md')]).ids).toEqual({ 'copy.md': 'urn:a' });
  });

  it('is not strict with what nobody has read yet', () => {
    const { ids, codes } = identify(
      [file('a.md', { slug: 'x', date: day(5), bodyHash: 'x' })],
      [seen('a.md', { publishedAt: null })],
    );
    expect(ids).toEqual({ 'a.md': 'new:x-1' });
    expect(codes).toEqual([]);
  });

  it('mints what is not taken, in the ledger or by an id in a file', () => {
    const { ids } = identify(
      [file('a.md', { explicitId: 'new:b-1' }), file('b.md'), file('c.md', { slug: 'b', date: day(4) })],
      [],
    );
    expect(ids).toEqual({ 'a.md': 'new:b-1', 'b.md': 'new:b-2', 'c.md': 'new:b-3' });
  });

  it('takes in step with their number, however many files and records are new to each other', async () => {
    const compare = (size: number): void => {
      const many = Array.from({ length: size }, (_, index) => index);
      const files = many.map((index) => file(`new-${index}.md`));
      const records = many.map((index) => seen(`old-${index}.md`, { date: day(2) }));
      expect(Object.keys(identify(files, records).ids)).toHaveLength(size);
    };
    expect(await growth(compare, 1000)).toBeLessThan(4);
  });
});
