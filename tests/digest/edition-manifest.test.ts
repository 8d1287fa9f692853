import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type EditionManifest,
  editionManifest,
  everybody,
  manifestChanges,
  manifestHash,
  templatesHash,
  unarranged,
} from '../../src/digest/index.ts';
import { dispatchSite, storyArticle, storyOf, weekly } from '../support/story-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const talks = storyArticle({ slug: 'talks', title: 'Talks' });
const talksInPersian = storyArticle({ slug: 'talks', lang: 'fa', title: 'گفت‌وگو' });
const bridge = storyArticle({ slug: 'bridge', title: 'A bridge' });

const input = {
  site: dispatchSite,
  newsletter: weekly,
  edition: {
    newsletter: 'weekly',
    rhythm: 'each',
    selection: { since: null, slugs: null },
    arrangement: unarranged,
    audience: everybody,
  },
  stories: [storyOf(talks, talksInPersian), storyOf(bridge)],
  templates: 'one',
} as const;

type Changes = Partial<Omit<Parameters<typeof editionManifest>[0], 'edition'>> & {
  readonly edition?: Partial<Parameters<typeof editionManifest>[0]['edition']>;
};

function manifest(changes: Changes = {}): EditionManifest {
  return editionManifest({ ...input, ...changes, edition: { ...input.edition, ...changes.edition } });
}

const before = manifest();

/** Each kind of change, and what is said of it. */
const matrix: readonly [name: string, changes: Changes, said: readonly string[]][] = [
  [
    'an article is edited',
    { stories: [storyOf({ ...talks, contentHash: 'another' }, talksInPersian), storyOf(bridge)] },
    ['“Talks” was edited in en'],
  ],
  [
    'a translation is edited',
    { stories: [storyOf(talks, { ...talksInPersian, contentHash: 'another' }), storyOf(bridge)] },
    ['“Talks” was edited in fa'],
  ],
  ['a translation goes', { stories: [storyOf(talks), storyOf(bridge)] }, ['“Talks” was taken out in fa']],
  [
    'a translation comes',
    { stories: [...input.stories.slice(0, 1), storyOf(bridge, storyArticle({ slug: 'bridge', lang: 'hy' }))] },
    ['“A bridge” was added in hy'],
  ],
  ['a story is withdrawn or left out', { stories: input.stories.slice(0, 1) }, ['“A bridge” was taken out']],
  [
    'a story comes',
    { stories: [...input.stories, storyOf(storyArticle({ slug: 'road', title: 'A road' }))] },
    ['“A road” was added'],
  ],
  ['stories are moved', { stories: input.stories.toReversed() }, ['its stories stand in another order']],
  [
    'a subject is written',
    { edition: { arrangement: { ...unarranged, subjects: { fa: 'پل' } } } },
    ['the subject in fa was changed'],
  ],
  [
    'a preheader is written',
    { edition: { arrangement: { ...unarranged, preheaders: { en: 'Read on' } } } },
    ['the preheader in en was changed'],
  ],
  ['a template is changed', { templates: 'two' }, ['a template was changed']],
  [
    'the publication is changed',
    { site: { ...dispatchSite, publisher: { name: 'Other', address: 'Elsewhere' } } },
    ['silkpost.yaml was changed'],
  ],
  ['the newsletter is changed', { newsletter: { ...weekly, text: 'full' } }, ['silkpost.yaml was changed']],
  [
    'the newsletter selects otherwise',
    { newsletter: { ...weekly, select: { ...weekly.select, topics: ['security'] } } },
    ['whom it is for was changed'],
  ],
  ['another rhythm', { edition: { rhythm: 'weekly' } }, ['whom it is for was changed']],
  [
    'readers get again what they had',
    { edition: { selection: { since: null, slugs: null, again: true } } },
    ['whom it is for was changed'],
  ],
  ['another segment', { edition: { audience: { ...everybody, languages: ['fa'] } } }, ['whom it is for was changed']],
];

describe('manifestChanges', () => {
  it.each(matrix)('says it where %s, and the hash is another', (_name, changes, said) => {
    const after = manifest(changes);
    expect(manifestChanges(before, after)).toEqual(said);
    expect(manifestHash(after)).not.toBe(manifestHash(before));
  });

  it('says nothing where nothing changed, also of one that was kept', () => {
    const kept: EditionManifest = JSON.parse(JSON.stringify(before));
    expect(manifestChanges(kept, manifest())).toEqual([]);
    expect(manifestHash(kept)).toBe(manifestHash(manifest()));
  });

  it('doesn’t take another order of keys or grace for a change', () => {
    const site = Object.fromEntries(Object.entries(dispatchSite).toReversed()) as typeof dispatchSite;
    expect(manifestHash(manifest({ site, newsletter: { ...weekly, graceMs: 1 } }))).toBe(manifestHash(before));
  });
});

describe('templatesHash', () => {
  it('is that of the texts, whatever their times', async () => {
    const { path } = await temporaryFolder();
    const file = join(path, 'digest.mjml.liquid');
    await writeFile(file, 'one');
    const first = await templatesHash(path);
    await utimes(file, 1, 1);
    expect(await templatesHash(path)).toBe(first);
    await writeFile(join(path, 'theme.json'), '{}');
    const second = await templatesHash(path);
    expect(second).not.toBe(first);
    await writeFile(file, 'two');
    expect(await templatesHash(path)).not.toBe(second);
  });
});
