import { absoluteUrl, articlePath, type Site } from '../site.ts';
import { withoutComments } from './foreign/foreign-markup.ts';
import { type ArticleFields, parseArticleFields } from './front-matter/article-fields.ts';
import { type SplitFile, splitFrontMatter } from './front-matter/front-matter.ts';
import { MarkdownError, type MarkdownParser, type ParsedMarkdown } from './markdown/markdown.ts';
import { findMergeConflict } from './markdown/merge-conflict.ts';
import type { MediaContext } from './media/article-pictures.ts';
import { collectAttachments } from './media/attachments.ts';
import { openMediaFiles } from './media/media-files.ts';
import type { ContentProblem } from './problem.ts';
import { readSourceFile, type SourceText } from './source-file.ts';

export interface ArticleReader {
  readonly site: Site;
  readonly contentDir: string;
  readonly markdown: MarkdownParser;
}

/** Keeps a problem of one file; a blocking one unless it says otherwise. */
export type Note = (problem: Pick<ContentProblem, 'code' | 'message'> & Partial<ContentProblem>) => void;

/** A file of `content/` taken apart, before its text or anything beside it is looked at. */
export interface OpenedArticle {
  /** Null where the file can't be read. */
  readonly source: SourceText | null;
  /** Null where the file can't be read or has no front matter. */
  readonly text: SplitFile | null;
  /** Null where the front matter has a blocking problem. */
  readonly fields: ArticleFields | null;
  /** What was found so far; `note` adds to it. */
  readonly problems: ContentProblem[];
  readonly note: Note;
}

/** @param path Of the file, relative to `content/`. */
export function openArticle({ site, contentDir }: Omit<ArticleReader, 'markdown'>, path: string): OpenedArticle {
  const problems: ContentProblem[] = [];
  const note = createNote(path, problems);
  const read = readSourceFile(contentDir, path);
  const source = 'text' in read ? read : null;
  const text = 'text' in read ? splitFrontMatter(read.text) : read;
  if (!('front' in text)) {
    note(text);
    return { source, text: null, fields: null, problems, note };
  }
  const conflict = findMergeConflict(text.body);
  if (conflict !== null) {
    const message =
      'Two versions stand here one below the other that git couldn’t merge. Choose, and take its lines out.';
    note({ code: 'merge-conflict', message, line: text.bodyLine + conflict - 1, column: 1 });
    return { source, text, fields: null, problems, note };
  }
  const { fields, problems: found } = parseArticleFields(text.front, path, site, text);
  problems.push(...found);
  return { source, text, fields, problems, note };
}

export function createNote(path: string, problems: ContentProblem[]): Note {
  const place = { line: null, column: null, field: null, blocking: true };
  return (problem) => problems.push({ file: `content/${path}`, ...place, ...problem });
}

/** Where the picture and the recording that the front matter names are looked up, and faults in them noted. */
export function mediaContextOf(
  { site, contentDir }: Omit<ArticleReader, 'markdown'>,
  path: string,
  fields: ArticleFields,
  { front }: SplitFile,
  note: Note,
): MediaContext {
  return {
    site,
    path,
    fields,
    attachments: collectAttachments(contentDir),
    media: openMediaFiles(contentDir),
    warn(field, code, message) {
      const at = field.split('.');
      const position = front.positionOf(at) ?? front.positionOf(at.slice(0, 1));
      note({ field, code, message, ...position, blocking: false });
    },
  };
}

/** Where an article is read: on the site, or where its `link` leads. */
export function urlOf(site: Site, fields: Pick<ArticleFields, 'lang' | 'slug' | 'link'>): string {
  return fields.link ?? absoluteUrl(site, articlePath(site, fields.lang, fields.slug));
}

/** A body as Markdown, its lines where they were; null, with a note, for one that can't be taken. */
export function parseBody(
  markdown: MarkdownParser,
  { body, bodyLine }: Pick<SplitFile, 'body' | 'bodyLine'>,
  lang: string,
  note: Note,
): ParsedMarkdown | null {
  try {
    return markdown.parse(withoutControls(withoutComments(body)), lang);
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    note({ code: 'unreadable-text', message: error.message, line: bodyLine, column: 1 });
    return null;
  }
}

/** XML takes none of them, and people see none. */
function withoutControls(body: string): string {
  return body.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g, '');
}
