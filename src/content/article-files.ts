import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf } from '../errors.ts';
import { absoluteUrl, articlePath, type Site } from '../site.ts';
import type { Article, Attachment, Audio, Picture } from './article.ts';
import { type ArticleFields, parseArticleFields } from './article-fields.ts';
import { type Attachments, collectAttachments, mediaTypeOf, readPictureSize } from './attachments.ts';
import type { ContentFile, ContentFolder } from './content-files.ts';
import { parseFileName } from './file-name.ts';
import { splitFrontMatter } from './front-matter.ts';
import { MarkdownError, type MarkdownParser } from './markdown.ts';
import { countWords, type PlainText } from './plain-text.ts';
import type { ContentProblem } from './problem.ts';
import { parseReference } from './references.ts';
import type { AddressResolver, ResolvedPicture } from './resolve-addresses.ts';

/** An article as its file says, before it has an id. */
export interface ReadArticle {
  readonly article: Omit<Article, 'id' | 'publishedAt'>;
  readonly explicitId: string | null;
  /** SHA-256 of the Markdown, hex. */
  readonly bodyHash: string;
}

export interface ReadResult {
  /** Null where a problem is blocking. */
  readonly read: ReadArticle | null;
  readonly problems: readonly ContentProblem[];
}

export interface ArticleReader {
  readonly site: Site;
  readonly contentDir: string;
  readonly markdown: MarkdownParser;
  readonly plainText: PlainText;
}

const maxFileBytes = 5 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads, checks and renders one file. What is wrong with it is returned, never thrown. */
export async function readArticleFile(
  reader: ArticleReader,
  file: ContentFile,
  folder: ContentFolder,
): Promise<ReadResult> {
  const problems: ContentProblem[] = [];
  const report = (
    blocking: boolean,
    code: string,
    message: string,
    line: number | null,
    field: string | null,
  ): void => {
    const column = line === null ? null : 1;
    problems.push({ file: `content/${file.path}`, line, column, field, code, message, blocking });
  };
  if (file.size > maxFileBytes) {
    report(
      true,
      'file-too-large',
      'The file is larger than 5 MB. Split it, or move what is in it elsewhere.',
      null,
      null,
    );
    return { read: null, problems };
  }
  let text: string;
  try {
    text = utf8.decode(await readFile(join(reader.contentDir, file.path)));
  } catch (error) {
    const message =
      error instanceof TypeError
        ? 'The file is not UTF-8 text. Save it as UTF-8.'
        : `It can’t be read: ${sentenceOf(error)}.`;
    report(true, 'unreadable-file', message, null, null);
    return { read: null, problems };
  }
  const split = splitFrontMatter(text);
  if (!('yaml' in split)) {
    problems.push({ file: `content/${file.path}`, field: null, blocking: true, ...split });
    return { read: null, problems };
  }
  const { fields, problems: found } = parseArticleFields(split.yaml, file.path, reader.site);
  problems.push(...found);
  if (fields === null) return { read: null, problems };

  const attachments = collectAttachments(folder);
  const pageUrl = absoluteUrl(reader.site, articlePath(reader.site, fields.lang, fields.slug));
  const find = attachmentFinder(file.path, attachments, pageUrl, (written, line, field) =>
    report(
      false,
      'missing-file',
      `${written} is not a file in content/ that can be published. Check its name.`,
      line,
      field,
    ),
  );
  const lineOf = (field: string): number | null => split.yaml.positionOf([field])?.line ?? null;
  try {
    const parsed = reader.markdown.parse(split.body, fields.lang);
    const pictures = new Map<string, ResolvedPicture>();
    for (const [written, line] of parsed.pictures) {
      const picture = await resolvePicture(reader, find(written, split.bodyLine + line - 1, null));
      if (picture) pictures.set(written, picture);
    }
    const lines = new Map(parsed.links);
    const html = parsed.render({
      link: linkResolver(reader.site, file.path, pageUrl, (written) =>
        find(written, split.bodyLine + (lines.get(written) ?? 1) - 1, null),
      ),
      picture: (written) => pictures.get(written) ?? null,
    } satisfies AddressResolver);
    const image = await pictureOf(
      reader,
      fields,
      (written) => find(written, lineOf('image'), 'image.src'),
      attachments,
    );
    const audio = audioOf(fields, (written) => find(written, lineOf('audio'), 'audio.src'));
    const plain = reader.plainText(html);
    return {
      problems,
      read: {
        explicitId: fields.explicitId,
        bodyHash: createHash('sha256').update(split.body.trim()).digest('hex'),
        article: articleOf(fields, file.path, { pageUrl, image, audio, html, plain, attachments: attachments.list() }),
      },
    };
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    report(true, 'unreadable-text', error.message, split.bodyLine, null);
    return { read: null, problems };
  }
}

function articleOf(
  fields: ArticleFields,
  path: string,
  made: {
    readonly pageUrl: string;
    readonly image: Picture | null;
    readonly audio: Audio | null;
    readonly html: string;
    readonly plain: string;
    readonly attachments: readonly Attachment[];
  },
): ReadArticle['article'] {
  const { explicitId: _, image: __, audio: ___, ...written } = fields;
  const shown = {
    ...written,
    url: fields.link ?? made.pageUrl,
    image: made.image,
    audio: made.audio,
    html: made.html,
  };
  return {
    ...shown,
    path,
    attachments: made.attachments,
    text: made.plain,
    words: countWords(made.plain),
    contentHash: createHash('sha256').update(JSON.stringify(shown)).digest('hex'),
  };
}

/** What a reference to a file beside the article, or to the web, leads to. */
interface Found {
  readonly url: string;
  /** Null for the web. */
  readonly attachment: Attachment | null;
}

type Find = (written: string, line: number | null, field: string | null) => Found | null;

function attachmentFinder(
  path: string,
  attachments: Attachments,
  pageUrl: string,
  onMissing: (written: string, line: number | null, field: string | null) => void,
): Find {
  return (written, line, field) => {
    const reference = parseReference(written, path);
    if (reference.kind === 'web') return { url: reference.url, attachment: null };
    const attachment = reference.kind === 'file' ? attachments.add(reference.path) : null;
    if (attachment) return { url: `${pageUrl}/${encodeURIComponent(attachment.name)}`, attachment };
    onMissing(written, line, field);
    return null;
  };
}

function linkResolver(site: Site, path: string, pageUrl: string, find: (written: string) => Found | null) {
  return (written: string): string | null => {
    const reference = parseReference(written, path);
    switch (reference.kind) {
      case 'web':
        return reference.url;
      case 'anchor':
        return pageUrl + reference.hash;
      case 'site':
        return absoluteUrl(site, reference.path);
      case 'file': {
        if (!/\.md$/i.test(reference.path)) return find(written)?.url ?? null;
        const { slug, lang } = parseFileName(reference.path, site.languages);
        return absoluteUrl(site, articlePath(site, lang ?? site.languages[0] ?? 'en', slug)) + reference.suffix;
      }
      case 'outside':
      case 'refused':
        return null;
      default:
        return reference satisfies never;
    }
  };
}

async function resolvePicture(reader: ArticleReader, found: Found | null): Promise<ResolvedPicture | null> {
  if (found === null) return null;
  const size = found.attachment ? await readPictureSize(reader.contentDir, found.attachment.path) : null;
  return { url: found.url, ...size };
}

async function pictureOf(
  reader: ArticleReader,
  { image }: ArticleFields,
  find: (written: string) => Found | null,
  attachments: Attachments,
): Promise<Picture | null> {
  const found = image ? find(image.src) : null;
  if (!image || found === null) return null;
  const told = { alt: image.alt ?? '', caption: image.caption, credit: image.credit };
  const { attachment, url } = found;
  if (attachment === null) return { ...told, url, rasterUrl: /\.svg$/i.test(url) ? null : url };
  const type = mediaTypeOf(attachment.path) ?? undefined;
  if (type !== 'image/svg+xml') {
    const size = await readPictureSize(reader.contentDir, attachment.path);
    return { ...told, url, rasterUrl: url, bytes: attachment.bytes, type, ...size };
  }
  // Mail and many readers show no SVG: a PNG of the same name stands in.
  const raster = attachments.add(attachment.path.replace(/\.svg$/i, '.png'));
  if (raster === null) return { ...told, url, rasterUrl: null, bytes: attachment.bytes, type };
  const size = await readPictureSize(reader.contentDir, raster.path);
  const rasterUrl = url.slice(0, url.lastIndexOf('/') + 1) + encodeURIComponent(raster.name);
  return { ...told, url, rasterUrl, bytes: raster.bytes, type: 'image/png', ...size };
}

function audioOf({ audio }: ArticleFields, find: (written: string) => Found | null): Audio | null {
  const found = audio ? find(audio.src) : null;
  if (!audio || found === null) return null;
  const type = audio.type ?? (found.attachment ? mediaTypeOf(found.attachment.path) : null) ?? 'audio/mpeg';
  return { url: found.url, type, bytes: found.attachment?.bytes, duration: audio.duration };
}
