import { describe, expect, it } from 'vitest';
import { chooseSizes, listSuffixes, originalName, planSizes } from '../../../src/feeds/pictures/picture-sizes.ts';

const suffixes = (type: string, width: number): string[] => planSizes(type, width).map(({ suffix }) => suffix);

describe('planSizes', () => {
  it('never plans one larger than the picture, and WebP up to its own width', () => {
    expect(suffixes('image/jpeg', 4000)).toEqual([
      '.w480.jpg',
      '.w960.jpg',
      '.w1600.jpg',
      '.w480.webp',
      '.w960.webp',
      '.w1600.webp',
    ]);
    expect(suffixes('image/png', 1200)).toEqual(['.w480.png', '.w960.png', '.w480.webp', '.w960.webp', '.w1600.webp']);
    expect(suffixes('image/png', 960)).toEqual(['.w480.png', '.w480.webp', '.w960.webp']);
  });

  it('leaves a format that browsers take as light as WebP alone with itself', () => {
    expect(suffixes('image/webp', 1000)).toEqual(['.w480.webp', '.w960.webp']);
    expect(suffixes('image/avif', 1000)).toEqual(['.w480.avif', '.w960.avif']);
  });

  it('plans nothing for what is small, animated or drawn', () => {
    expect(suffixes('image/jpeg', 480)).toEqual([]);
    for (const type of ['image/gif', 'image/svg+xml', 'audio/mpeg', '']) expect(suffixes(type, 4000)).toEqual([]);
  });

  it('plans nothing that listSuffixes doesn’t know', () => {
    for (const type of ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']) {
      const known = listSuffixes(type);
      for (const width of [1, 481, 700, 961, 1600, 1601, 9000]) {
        for (const suffix of suffixes(type, width)) expect(known).toContain(suffix);
      }
    }
    expect(listSuffixes(null)).toEqual([]);
  });
});

describe('originalName', () => {
  it('is the name before the suffix of a size', () => {
    expect(originalName('a map.png.w480.webp')).toBe('a map.png');
    expect(originalName('a.jpg.w1600.jpg')).toBe('a.jpg');
    expect(originalName('/articles/talks/a.avif.w960.avif')).toBe('/articles/talks/a.avif');
  });

  it('is null for every other name', () => {
    for (const name of [
      '',
      'a.png',
      'a.w480.png',
      'a.png.w481.png',
      'a.png.w480.svg',
      '.w480.png',
      'a.png.w480.png?',
    ]) {
      expect(originalName(name)).toBeNull();
    }
  });
});

describe('chooseSizes', () => {
  const size = (type: string, bytes: number) => ({ type, bytes });
  const original = size('image/png', 100);

  it('leaves out what has no fewer bytes than the original', () => {
    const sizes = [size('image/png', 40), size('image/png', 100), size('image/png', 120)];
    expect(chooseSizes(sizes, original)).toEqual([size('image/png', 40)]);
  });

  it('offers WebP beside it only where every one of them is lighter', () => {
    const light = [size('image/png', 40), size('image/webp', 20), size('image/webp', 90)];
    expect(chooseSizes(light, original)).toEqual(light);
    const heavy = [size('image/png', 40), size('image/webp', 20), size('image/webp', 110)];
    expect(chooseSizes(heavy, original)).toEqual([size('image/png', 40)]);
  });
});
