import type { Instant } from '../clock.ts';
import type { Site } from '../site.ts';
import type { Article } from './article.ts';
import { type ArticleCore, detailsText } from './catalog/packed-article.ts';
import { findSpelled, spellingsOf } from './file-name.ts';
import { type ArticleFields, parseArticleFields } from './front-matter/article-fields.ts';
import { findBody, type SplitFile, splitFrontMatter } from './front-matter/front-matter.ts';
import { type ArticleAddress, resolveBody } from './markdown/body-addresses.ts';
import { hashOfBody, shortHash } from './markdown/body-hash.ts';
import { countWords } from './markdown/count-words.ts';
import type { MarkdownParser } from './markdown/markdown.ts';
import { readAudio } from './media/article-audio.ts';
import { readPicture } from './media/article-pictures.ts';
import { type Attachments, mayNameFiles } from './media/attachments.ts';
import { openMediaFiles } from './media/media-files.ts';
import {
  type ArticleReader,
  createNote,
  mediaContextOf,
  type Note,
  openArticle,
  parseBody,
  urlOf,
} from './open-article.ts';
import type { ContentProblem } from './problem.ts';
import { readSourceFile } from './source-file.ts';

/** What a file says of an article's core; the rest of it is the ledger's. */
export type WrittenCore = Omit<ArticleCore, 'id' | 'publishedAt' | 'archiveDate' | 'withdrawnAt' | 'formerAddresses'>;

/** An article as its file says, before it has an id. */
export interface ReadArticle {
  readonly article: WrittenCore;
  /** As `detailsText` writes them: one text goes from thread to thread, and into memory, at a fraction of what its parts take. */
  readonly details: string;
  readonly explicitId: string | null;
  /** SHA-256 of the Markdown, hex; empty where there is none, which tells nothing. */
  readonly bodyHash: string;
  /** Bytes and modification time (ms) of the file that was read. */
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ReadResult {
  /** Null where a problem is blocking. */
  readonly read: ReadArticle | null;
  readonly problems: readonly ContentProblem[];
}

/** A body as HTML, or why there is none. */
export interface RenderResult {
  /** Null where the file is no longer the one that was read, or can't be rendered. */
  readonly html: string | null;
  readonly problems: readonly ContentProblem[];
}

/**
 * Reads and checks one file without rendering its text, which most of a large archive's articles need never be for a
 * feed. What is wrong with it is returned, never thrown.
 *
 * @param path Of the file, relative to `content/`.
 */
export async function readArticleFile(reader: ArticleReader, path: string): Promise<ReadResult> {
  const { site, markdown } = reader;
  const { source, text, fields, problems, note } = openArticle(reader, path);
  if (source === null || text === null || fields === null) return { read: null, problems };

  const bodyHash = hashOfBody(text.body, source);
  const context = mediaContextOf(reader, path, fields, text, note);
  const image = await readPicture(context);
  const audio = await readAudio(context);
  const url = urlOf(site, fields);
  if (mayNameFiles(text.body)) {
    const parsed = parseBody(markdown, text, fields.lang, note);
    if (parsed === null) return { read: null, problems };
    // Said when it is rendered.
    await resolveBody(parsed, { ...context, url, warnAt() {}, articleAt: () => null });
  } else if (!isOfTakenSize(markdown, text, note)) return { read: null, problems };

  const { explicitId, slug, lang, status, date, updated, storySlug, authors, countries, topics, aliases } = fields;
  const details = detailsText({ ...fields, url, image, audio, words: countWords(text.body) });
  const core = { lang, slug, path, status, date, updated, storySlug, authors, countries, topics, aliases };
  const shown = { ...core, attachments: context.attachments.list() };
  const article = { ...shown, contentHash: shortHash(JSON.stringify(shown) + details + bodyHash) };
  const { size, mtimeMs } = source;
  return { read: { article, details, explicitId, bodyHash, size, mtimeMs }, problems };
}

/**
 * The text of an article as HTML. Where the file isn't any more what the article was read from, nothing is rendered:
 * its new text may belong to a draft. A link to an article that nobody may see at `now` is left out.
 */
export async function renderArticleBody(
  reader: ArticleReader,
  article: Article,
  bodyHash: string,
  now: Instant,
): Promise<RenderResult> {
  const { site, contentDir, markdown } = reader;
  const problems: ContentProblem[] = [];
  const note = createNote(article.path, problems);
  const source = readSourceFile(contentDir, article.path);
  const found = 'text' in source ? findBody(source.text) : null;
  if (!('text' in source) || found === null || hashOfBody(found.body, source) !== bodyHash)
    return { html: null, problems };
  const parsed = parseBody(markdown, found, article.lang, note);
  if (parsed === null) return { html: null, problems };
  const resolver = await resolveBody(parsed, {
    site,
    path: article.path,
    fields: article,
    attachments: knownAttachments(article),
    media: openMediaFiles(contentDir),
    url: article.url,
    warnAt: (line, code, message) =>
      note({ code, message, line: found.bodyLine + line - 1, column: 1, blocking: false }),
    articleAt: (other) => addressOfArticle(contentDir, other, site, now),
  });
  return { html: parsed.render(resolver), problems };
}

/** A text that will not be rendered has to be said now. */
function isOfTakenSize(markdown: MarkdownParser, { body, bodyLine }: SplitFile, note: Note): boolean {
  const fault = markdown.findFault(body);
  if (fault !== null) note({ code: 'unreadable-text', message: fault, line: bodyLine, column: 1 });
  return fault === null;
}

function knownAttachments(article: Article): Attachments {
  const byPath = new Map(article.attachments.map((attachment) => [attachment.path, attachment]));
  return {
    add: (path) => findSpelled(byPath, path),
    list: () => [...article.attachments],
  };
}

/** Where another article of the folder is read: what its own front matter says; null where there is none. */
function addressOfArticle(contentDir: string, path: string, site: Site, now: Instant): ArticleAddress | null {
  const source = spellingsOf(path)
    .values()
    .map((spelling) => readSourceFile(contentDir, spelling))
    .find((read) => 'text' in read);
  if (source === undefined) return null;
  const split = splitFrontMatter(source.text);
  const fields: ArticleFields | null =
    'front' in split ? parseArticleFields(split.front, path, site, split).fields : null;
  if (fields === null) return null;
  if (fields.status !== 'published' || fields.date > now) return { url: null };
  return { url: urlOf(site, fields) };
}
