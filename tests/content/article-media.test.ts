import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ArticleFields } from '../../src/content/front-matter/article-fields.ts';
import { parseArticleFields } from '../../src/content/front-matter/article-fields.ts';
import { splitFrontMatter } from '../../src/content/front-matter/front-matter.ts';
import { readAudio } from '../../src/content/media/article-audio.ts';
import { type MediaContext, readPicture } from '../../src/content/media/article-pictures.ts';
import { collectAttachments } from '../../src/content/media/attachments.ts';
import { openMediaFiles } from '../../src/content/media/media-files.ts';
import { siteOf } from '../support/feed-fixtures.ts';
import { id3Of, m4aOf, mp3Of, wavOf } from '../support/media-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Desk {
  readonly context: MediaContext;
  /** `field code` of each warning. */
  readonly warnings: string[];
  readonly messages: string[];
}

function fieldsOf(front: string): ArticleFields {
  const split = splitFrontMatter(`---\ntitle: T\nsummary: S\ndate: 2026-11-20\n${front}\n---\n`);
  const fields = 'front' in split ? parseArticleFields(split.front, 'talks.md', siteOf()).fields : null;
  if (!fields) throw new Error(`The front matter can’t be read: ${front}`);
  return fields;
}

async function openDesk(files: Readonly<Record<string, Buffer | string>>, front: string): Promise<Desk> {
  const { path: dir } = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(dir, name), bytes);
  const [warnings, messages]: [string[], string[]] = [[], []];
  const context: MediaContext = {
    site: siteOf(),
    path: 'talks.md',
    fields: fieldsOf(front),
    attachments: collectAttachments(dir),
    media: openMediaFiles(dir),
    warn(field, code, message) {
      warnings.push(`${field} ${code}`);
      messages.push(message);
    },
  };
  return { context, warnings, messages };
}

const photo = sharp({ create: { width: 60, height: 40, channels: 3, background: '#1b4b7e' } });
const [jpeg, png, webp, gif, avif] = await Promise.all(
  (['jpeg', 'png', 'webp', 'gif', 'avif'] as const).map((format) => photo.clone().toFormat(format).toBuffer()),
);
const base = 'https://dispatch.example/articles/talks';

describe('collectAttachments', () => {
  it('takes nothing that is hidden, nor of a kind that isn’t published', async () => {
    const { path: dir } = await temporaryFolder();
    for (const name of ['map.png', '.map.png', 'keys.env']) await writeFile(join(dir, name), 'x');
    const attachments = collectAttachments(dir);
    expect(['.map.png', 'keys.env', 'gone.png', 'map.png'].map((name) => attachments.add(name)?.name)).toEqual([
      undefined,
      undefined,
      undefined,
      'map.png',
    ]);
  });
});

describe('readPicture', () => {
  it.each([
    ['a.jpg', jpeg, 'image/jpeg'],
    ['a.png', png, 'image/png'],
    ['a.webp', webp, 'image/webp'],
    ['a.gif', gif, 'image/gif'],
    ['a.avif', avif, 'image/avif'],
  ])('measures %s', async (name, bytes = Buffer.alloc(0), type) => {
    const { context, warnings } = await openDesk({ [name]: bytes }, `image: {src: ${name}, alt: A, credit: Desk}`);
    expect(await readPicture(context)).toEqual({
      url: `${base}/${name}`,
      rasterUrl: `${base}/${name}`,
      alt: 'A',
      credit: 'Desk',
      width: 60,
      height: 40,
      bytes: bytes.length,
      type,
    });
    expect(warnings).toEqual([]);
  });

  it('measures the PNG beside an SVG, and the SVG itself where there is none', async () => {
    const svg = '<svg viewBox="0 0 12 6"/>';
    const both = await openDesk({ 'a.svg': svg, 'a.png': png ?? '' }, 'image: {src: a.svg, alt: A}');
    expect(await readPicture(both.context)).toMatchObject({
      url: `${base}/a.svg`,
      rasterUrl: `${base}/a.png`,
      width: 60,
    });
    const alone = await openDesk({ 'a.svg': svg }, 'image: {src: a.svg, alt: A}');
    expect(await readPicture(alone.context)).toMatchObject({
      rasterUrl: null,
      width: 12,
      height: 6,
      bytes: svg.length,
      type: 'image/svg+xml',
    });
    expect(alone.warnings).toEqual(['image.src no-raster-picture']);
  });

  it('measures a photo that was taken upright as it is shown', async () => {
    const upright = await photo.clone().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { context } = await openDesk({ 'a.jpg': upright }, 'image: {src: a.jpg, alt: A}');
    expect(await readPicture(context)).toMatchObject({ width: 40, height: 60 });
  });

  it('finds a photo’s size behind a large profile', async () => {
    const segment = Buffer.alloc(65_000);
    segment.set([0xff, 0xe2, 0xfd, 0xe6]);
    const whole = jpeg ?? Buffer.alloc(0);
    const large = Buffer.concat([whole.subarray(0, 2), ...Array(8).fill(segment), whole.subarray(2)]);
    const { context } = await openDesk({ 'a.jpg': large }, 'image: {src: a.jpg, alt: A}');
    expect(await readPicture(context)).toMatchObject({ width: 60, height: 40, bytes: large.length });
  });

  it('goes by the bytes where the name says something else, and says so', async () => {
    const { context, warnings, messages } = await openDesk({ 'a.png': jpeg ?? '' }, 'image: {src: a.png, alt: A}');
    expect(await readPicture(context)).toMatchObject({ type: 'image/jpeg', width: 60 });
    expect(warnings).toEqual(['image.src picture-type-differs']);
    expect(messages).toEqual(['“a.png” is really image/jpeg. Rename it so that it ends in .jpg.']);
  });

  it('reports what is no picture, and publishes it as it is', async () => {
    const { context, warnings } = await openDesk({ 'a.png': 'no picture' }, 'image: {src: a.png, alt: A}');
    expect(await readPicture(context)).toEqual({
      url: `${base}/a.png`,
      rasterUrl: `${base}/a.png`,
      alt: 'A',
      bytes: 10,
      type: 'image/png',
    });
    expect(warnings).toEqual(['image.src unreadable-picture']);
  });

  it('knows nothing of a picture elsewhere', async () => {
    const { context, warnings } = await openDesk({}, 'image: {src: "https://agency.example/a.jpg", alt: A}');
    const url = 'https://agency.example/a.jpg';
    expect(await readPicture(context)).toEqual({ url, rasterUrl: url, alt: 'A' });
    expect(warnings).toEqual([]);
  });
});

describe('readAudio', () => {
  it('tells type, bytes and seconds of the file', async () => {
    const { context, warnings } = await openDesk({ 'talk.wav': wavOf(2) }, 'audio: talk.wav');
    expect(await readAudio(context)).toEqual({
      url: `${base}/talk.wav`,
      type: 'audio/wav',
      bytes: wavOf(2).length,
      duration: 2,
    });
    expect(warnings).toEqual([]);
  });

  it('takes front matter’s word for duration and type', async () => {
    const front = 'audio: {src: talk.mp3, type: audio/mp3, duration: "1:30"}';
    const { context, warnings } = await openDesk({ 'talk.mp3': Buffer.concat([id3Of(99), mp3Of(100)]) }, front);
    expect(await readAudio(context)).toMatchObject({ type: 'audio/mp3', duration: 90 });
    // Another name for the same thing.
    expect(warnings).toEqual([]);
  });

  it('reports a type that differs from the file’s', async () => {
    const wrongName = await openDesk({ 'talk.mp3': m4aOf(9) }, 'audio: talk.mp3');
    expect(await readAudio(wrongName.context)).toMatchObject({ type: 'audio/mp4', duration: 9 });
    expect(wrongName.messages).toEqual(['“talk.mp3” is really audio/mp4. Rename it so that it ends in .m4a.']);
    const wrongType = await openDesk({ 'talk.mp3': mp3Of(99) }, 'audio: {src: talk.mp3, type: audio/ogg}');
    expect(await readAudio(wrongType.context)).toMatchObject({ type: 'audio/ogg' });
    expect(wrongType.warnings).toEqual(['audio.type audio-type-differs']);
  });

  it('reports what is no sound, and publishes it as it is', async () => {
    const { context, warnings } = await openDesk({ 'talk.mp3': 'no sound' }, 'audio: talk.mp3');
    expect(await readAudio(context)).toEqual({ url: `${base}/talk.mp3`, type: 'audio/mpeg', bytes: 8 });
    expect(warnings).toEqual(['audio.src unreadable-audio']);
  });

  it('knows nothing of a sound elsewhere but what its name says', async () => {
    const { context } = await openDesk({}, 'audio: "https://agency.example/talk.mp3"');
    expect(await readAudio(context)).toEqual({ url: 'https://agency.example/talk.mp3', type: 'audio/mpeg' });
  });
});
