import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Of each file of `src/storage/migrations`, the beginning of its SHA-256. A new one is added here when it lands. */
const written: Readonly<Record<string, string>> = {
  '0001-first.ts': '0352359d00f0',
  '0002-hub-pings.ts': 'b3195cc1d61d',
  '0003-publishing.ts': 'c0df33243425',
  '0004-engine.ts': '1cefca393363',
  '0005-bounces.ts': '29bd1be22b06',
  '0006-upkeep.ts': 'af8b1daa0cd6',
  '0007-packed-articles.ts': '9fdab6b64b07',
  '0008-readers.ts': 'd6027ab4971c',
  '0009-wishes.ts': '6a8cbac825f0',
  '0010-audience.ts': '7179c2a2c927',
  '0011-erased-readers.ts': 'b5231339fcf1',
  '0012-relay-trouble.ts': '60f049fc444c',
  '0013-once-by-variant.ts': '19e0e3fcfcb6',
  '0014-operators.ts': '7ef3e05d61ad',
  '0015-arrangement.ts': '681df0bb7e8f',
  '0016-by-hand.ts': '5358de1d35dc',
  '0017-aftermath.ts': 'b41575ff96e9',
  '0018-reader-search.ts': '213ece278c39',
  '0019-reader-counts.ts': '0010f70559c9',
  '0020-feed-polls.ts': '3c8f4278e45d',
  '0021-approval.ts': 'a8946e319f27',
  '0022-edition-lists.ts': '1a9824dd39b1',
  '0023-opened-by.ts': '46d826cb30c4',
  '0026-returned-letters.ts': '708041006e60',
  '0027-lean-ledger.ts': '93aff5d84641',
  '0028-told-before.ts': '17d64fbb8434',
};

const folder = join(import.meta.dirname, '../../src/storage/migrations');

async function hashOf(name: string): Promise<string> {
  const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

describe('migrations', () => {
  it('are never edited: a database that has had one doesn’t have it again, and lacks what was added', async () => {
    const names = (await readdir(folder)).sort();
    expect(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hashOf(name)])))).toEqual(
      written,
    );
  });
});
