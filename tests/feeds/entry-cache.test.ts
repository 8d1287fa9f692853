import { describe, expect, it } from 'vitest';
import { EntryCache } from '../../src/feeds/entry-cache.ts';
import { entryOf } from '../support/feed-fixtures.ts';

const entries = ['a', 'b', 'c'].map((title) => entryOf({ title }));
const [a, b, c] = [entryOf({ title: 'a' }), entryOf({ title: 'b' }), entryOf({ title: 'c' })];

describe('EntryCache', () => {
  it('renders an entry once for each format', () => {
    const cache = new EntryCache();
    const rendered: string[] = [];
    for (const format of ['rss', 'atom', 'rss', 'json', 'atom'] as const) {
      for (const entry of entries) cache.get(format, entry, ({ title }) => `${rendered.push(`${format} ${title}`)}`);
    }
    expect(rendered).toHaveLength(9);
  });

  it('renders it anew when its content changes', () => {
    const cache = new EntryCache();
    const render = (entry: typeof a): string => entry.html;
    expect(cache.get('rss', a, render)).toBe('<p>The full text.</p>');
    expect(cache.get('rss', entryOf({ title: 'a', html: '<p>New.</p>' }), render)).toBe('<p>New.</p>');
  });

  it('drops the least recently used beyond its limit', () => {
    const cache = new EntryCache(20);
    const rendered: string[] = [];
    const get = (entry: typeof a): void => {
      cache.get('rss', entry, ({ title }) => {
        rendered.push(title);
        return title.repeat(10);
      });
    };
    for (const entry of [a, b, a, c, a, b]) get(entry);
    expect(rendered).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps nothing of what failed', () => {
    const cache = new EntryCache();
    const fail = (): string => {
      throw new Error('broken');
    };
    expect(() => cache.get('rss', a, fail)).toThrow('broken');
    expect(cache.get('rss', a, () => 'whole')).toBe('whole');
  });
});
