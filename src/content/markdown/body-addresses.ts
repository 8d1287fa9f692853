import { absoluteUrl } from '../../site.ts';
import { isArticleFile, isHiddenPath, isMarkdownFile } from '../file-name.ts';
import {
  type AddressContext,
  findMedia,
  type MediaContext,
  measurePicture,
  sentenceForMissing,
} from '../media/article-pictures.ts';
import { mediaTypeOf } from '../media/attachments.ts';
import type { ParsedMarkdown } from './markdown.ts';
import { parseReference } from './references.ts';
import type { AddressResolver, ResolvedPicture } from './resolve-addresses.ts';

/** Where another article is read; null while nobody may see it, for its address would tell of it. */
export interface ArticleAddress {
  readonly url: string | null;
}

export interface BodyContext extends AddressContext, Pick<MediaContext, 'media'> {
  /** Absolute URL of the article. */
  readonly url: string;
  /** Where another article is read, by the path of its file; null where there is none. */
  articleAt(path: string): ArticleAddress | null;
  /** Notes a problem at a line of the body, from 1. */
  warnAt(line: number, code: string, message: string): void;
}

/** Looks up every address that a body names. Afterwards rendering needs no file any more. */
export async function resolveBody(body: ParsedMarkdown, context: BodyContext): Promise<AddressResolver> {
  const links = new Map<string, string | null>();
  for (const [written, line] of body.links) {
    links.set(
      written,
      findLink(written, context, (code, message) => context.warnAt(line, code, message)),
    );
  }
  const pictures = new Map<string, ResolvedPicture | null>();
  for (const [written, line] of body.pictures) {
    const media = findMedia(context, written);
    if (typeof media === 'string') {
      const { code, message } = sentenceForMissing(readable(written), media);
      context.warnAt(line, code, message);
    }
    const found = typeof media === 'string' ? null : media;
    const warn = (code: string, message: string): void => context.warnAt(line, code, message);
    const measured = found?.file ? await measurePicture(context.media, found.file.path, warn) : null;
    pictures.set(written, found && { url: found.url, ...measured?.size });
  }
  return {
    link: (written) => (written.startsWith('#') ? context.url + written : (links.get(written) ?? null)),
    picture: (written) => pictures.get(written) ?? null,
  };
}

function findLink(written: string, context: BodyContext, warn: (code: string, message: string) => void): string | null {
  const reference = parseReference(written, context.path);
  if (reference.kind === 'web') return reference.url;
  if (reference.kind === 'anchor') return context.url + reference.hash;
  const path = written.replace(/[?#].*$/s, '');
  if (reference.kind === 'file' && isMarkdownFile(reference.path)) {
    const isArticle = isArticleFile(reference.path) && !isHiddenPath(reference.path);
    const article = isArticle ? context.articleAt(reference.path) : null;
    if (article === null) warn('missing-file', `There is no article “${readable(path)}”. Correct the link’s address.`);
    else if (article.url === null) warn('link-to-unpublished', sentenceForUnpublished(readable(path)));
    return article === null || article.url === null ? null : article.url + reference.suffix;
  }
  if (reference.kind !== 'refused' && mediaTypeOf(path) !== null) {
    const media = findMedia(context, written);
    if (typeof media !== 'string') return media.url;
    const { code, message } = sentenceForMissing(readable(written), media);
    warn(code, message);
    return null;
  }
  if (reference.kind === 'refused') {
    const { code, message } = sentenceForMissing(readable(written), 'refused');
    warn(code, message);
    return null;
  }
  // A page of the site: relative to the article's page, as a browser would take it.
  const base = reference.kind === 'site' ? absoluteUrl(context.site, written) : written;
  return URL.canParse(base, context.url) ? new URL(base, context.url).href : null;
}

function sentenceForUnpublished(path: string): string {
  return `The article “${path}” isn’t published now, so its link is left out. The link appears by itself once it is.`;
}

/** Markdown percent-encodes addresses; people write them otherwise. */
function readable(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
