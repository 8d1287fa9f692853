import { describe, expect, it } from 'vitest';
import { checkPublicDir } from '../../src/config/index.ts';

const paths = {
  content: '/paper/content',
  templates: '/paper/templates',
  public: '/paper/public',
  data: '/paper/var',
  database: '/paper/var/silkpost.db',
  outbox: '/paper/var/outbox',
  preview: '/paper/var/preview',
};

describe('checkPublicDir', () => {
  it('refuses a folder where what people write would be written over, and removed', () => {
    for (const taken of ['/', '/paper', '/paper/content', '/paper/content/out', '/paper/templates']) {
      expect(() => checkPublicDir(taken, paths), taken).toThrow(/is yours/);
    }
  });

  it('refuses a folder that holds the readers and the keys', () => {
    expect(() => checkPublicDir('/paper/var', paths)).toThrow(/readers and the keys/);
    expect(() => checkPublicDir('/srv/www', { ...paths, data: '/srv/www/var' })).toThrow(/readers and the keys/);
  });

  it('takes any other', () => {
    for (const free of ['/paper/public', '/paper/contents', '/paper/var/public', '/srv/www'])
      checkPublicDir(free, paths);
  });
});
