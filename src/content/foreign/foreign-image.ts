import type { ForeignFile } from './foreign-file.ts';
import { entryOf, foreignKeys, listOf, textOf } from './foreign-keys.ts';

const sourceKeys = ['src', 'image', 'path', 'url', 'teaser', 'overlay_image'];
const altKeys = ['image_alt', 'imageAlt', 'coverAlt', 'cover_alt'];

/** The first picture that the article names, with its description and caption where they stand beside it. */
export function readImage(file: ForeignFile): void {
  const { written } = file;
  if (typeof entryOf(written['image'], 'src') === 'string') return;
  for (const key of ['image', ...foreignKeys.image]) {
    const [first] = listOf(written[key]);
    const src = textOf(first) ?? sourceKeys.map((name) => textOf(entryOf(first, name))).find((text) => text !== null);
    if (typeof src !== 'string') continue;
    const alt = [entryOf(first, 'alt'), ...altKeys.map((name) => written[name])].find(
      (text) => typeof text === 'string',
    );
    const caption = textOf(entryOf(first, 'caption'));
    // wordpress-export-to-markdown names the file alone and puts it into images/.
    const place = key === 'coverImage' && !src.includes('/') ? `images/${src}` : src;
    const image = { src: place, ...(alt === undefined ? {} : { alt }), ...(caption === null ? {} : { caption }) };
    file.set('image', image, key);
    return;
  }
  if (written['image'] !== undefined) file.set('image', undefined);
}
