import { extname } from 'node:path';
import { absoluteUrl, articlePath, type Site } from '../../site.ts';
import type { Attachment, Picture } from '../article.ts';
import type { ArticleFields } from '../front-matter/article-fields.ts';
import { parseReference, type Reference } from '../markdown/references.ts';
import { type Attachments, extensionOf, mediaTypeOf } from './attachments.ts';
import type { MeasuredPicture, MediaFiles } from './media-files.ts';

export interface MediaContext {
  readonly site: Site;
  /** Of the article's file, relative to `content/`. */
  readonly path: string;
  readonly fields: Pick<ArticleFields, 'lang' | 'slug' | 'image' | 'audio'>;
  readonly attachments: Attachments;
  readonly media: MediaFiles;
  /** Notes a problem that doesn't keep the article from being published. */
  warn(field: string, code: string, message: string): void;
}

/** Where an address is looked up. */
export interface AddressContext extends Pick<MediaContext, 'site' | 'path' | 'attachments'> {
  readonly fields: Pick<ArticleFields, 'lang' | 'slug'>;
}

/** What an address names: a file beside the article, or a URL; null where it is neither. */
export type Found = { readonly file: Attachment; readonly url: string } | { readonly file: null; readonly url: string };

/** Looks up the address of a picture, a sound or another file. */
export function findMedia(context: AddressContext, src: string): Found | Reference['kind'] {
  const { site, path, fields, attachments } = context;
  const reference = parseReference(src, path);
  if (reference.kind === 'web') {
    return /^https?:/.test(reference.url) ? { file: null, url: reference.url } : 'refused';
  }
  if (reference.kind === 'site') {
    const file = attachments.add(decodeURIComponent(reference.path.replace(/[?#].*$/s, '').slice(1)));
    return file ? found(site, fields, file) : { file: null, url: new URL(absoluteUrl(site, reference.path)).href };
  }
  if (reference.kind !== 'file') return reference.kind;
  const file = attachments.add(reference.path);
  return file ? found(site, fields, file) : 'file';
}

function found(site: Site, { lang, slug }: Pick<ArticleFields, 'lang' | 'slug'>, file: Attachment): Found {
  return { file, url: absoluteUrl(site, `${articlePath(site, lang, slug)}/${encodeURIComponent(file.name)}`) };
}

/** What to do about an address that names nothing. */
export function sentenceForMissing(src: string, why: Reference['kind']): { code: string; message: string } {
  if (why === 'outside') {
    return {
      code: 'outside-content',
      message: `“${src}” leads out of content/, so it is left out. Copy the file into it.`,
    };
  }
  if (why === 'refused' || why === 'anchor') {
    return {
      code: 'refused-address',
      message: `“${src}” is not an address of a file or a web page, so it is left out.`,
    };
  }
  const message =
    mediaTypeOf(src.replace(/[?#].*$/, '')) === null
      ? `“${src}” is not of a kind that is published (pictures, sound, PDF, CSV), so it is left out.`
      : `There is no file “${src}” beside the article, so it is left out. Add it, or correct the name.`;
  return { code: 'missing-file', message };
}

/** The article's picture with its raster twin: `map.svg` has `map.png`, for mail and for readers without SVG. */
export async function readPicture(context: MediaContext): Promise<Picture | null> {
  const written = context.fields.image;
  if (!written) return null;
  const media = findMedia(context, written.src);
  if (typeof media === 'string') {
    const { code, message } = sentenceForMissing(written.src, media);
    context.warn('image.src', code, message);
    return null;
  }
  const { caption, credit, alt = '' } = written;
  const common = { url: media.url, alt, ...(caption && { caption }), ...(credit && { credit }) };
  if (!media.file) {
    const isVector = extname(new URL(media.url).pathname).toLowerCase() === '.svg';
    return { ...common, rasterUrl: isVector ? null : media.url };
  }
  const warn = (code: string, message: string): void => context.warn('image.src', code, message);
  const raster = extname(media.file.path).toLowerCase() === '.svg' ? rasterTwin(context, media.file.path) : media;
  const shown = raster?.file ?? media.file;
  if (!raster) {
    warn('no-raster-picture', `Mail programs don’t show SVG. Put a PNG of the same name beside ${media.file.path}.`);
  }
  const measured = await measurePicture(context.media, shown.path, warn);
  return {
    ...common,
    rasterUrl: raster?.url ?? null,
    ...measured?.size,
    bytes: shown.bytes,
    type: measured?.type ?? mediaTypeOf(shown.path) ?? '',
  };
}

function rasterTwin({ attachments, site, fields }: MediaContext, vector: string): Found | null {
  for (const extension of ['.png', '.jpg', '.jpeg']) {
    const file = attachments.add(vector.slice(0, -4) + extension);
    if (file) return found(site, fields, file);
  }
  return null;
}

/** What a picture's bytes say of it. A name that says something else misleads programs and servers. */
export async function measurePicture(
  media: MediaFiles,
  path: string,
  warn: (code: string, message: string) => void,
): Promise<MeasuredPicture | null> {
  const measured = await media.measurePicture(path);
  if (!measured) {
    warn('unreadable-picture', `“${path}” isn’t a picture that can be read. Save it anew.`);
  } else if (measured.type !== mediaTypeOf(path)) {
    warn('picture-type-differs', sentenceForOtherType(path, measured.type));
  }
  return measured;
}

/** “map.png” is really image/jpeg … */
export function sentenceForOtherType(path: string, type: string): string {
  const extension = extensionOf(type);
  const advice = extension === null ? 'Save it in the format of its name' : `Rename it so that it ends in ${extension}`;
  return `“${path}” is really ${type}. ${advice}.`;
}
