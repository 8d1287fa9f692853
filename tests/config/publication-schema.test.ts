import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { publicationSchema } from '../../src/config/index.ts';

describe('publicationSchema', () => {
  it('is what docs/silkpost.schema.json gives to editors', async () => {
    const file = await readFile(new URL('../../docs/silkpost.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(file)).toEqual(publicationSchema());
  });
});
