import { createHash } from 'node:crypto';
import { absoluteUrl, articlePath, type Site } from '../site.ts';
import type { Article } from './article.ts';
import { readAudio } from './article-audio.ts';
import { type ArticleFields, parseArticleFields } from './article-fields.ts';
import { type MediaContext, readPicture } from './article-pictures.ts';
import { collectAttachments } from './attachments.ts';
import { resolveBody } from './body-addresses.ts';
import type { ContentFile, ContentFolder } from './content-files.ts';
import { splitFrontMatter } from './front-matter.ts';
import { MarkdownError, type MarkdownParser } from './markdown.ts';
import { openMediaFiles } from './media-files.ts';
import { countWords, type PlainText } from './plain-text.ts';
import type { ContentProblem } from './problem.ts';
import { readSourceFile } from './source-file.ts';

/** An article as its file says, before it has an id. */
export interface ReadArticle {
  readonly article: Omit<Article, 'id' | 'publishedAt'>;
  readonly explicitId: string | null;
  /** SHA-256 of the Markdown, hex; empty where there is none, which tells nothing. */
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

/** Reads, checks and renders one file. What is wrong with it is returned, never thrown. */
export async function readArticleFile(
  { site, contentDir, markdown, plainText }: ArticleReader,
  file: ContentFile,
  folder: ContentFolder,
): Promise<ReadResult> {
  const problems: ContentProblem[] = [];
  const note = (problem: Pick<ContentProblem, 'code' | 'message'> & Partial<ContentProblem>): void => {
    const place = { line: null, column: null, field: null, blocking: true };
    problems.push({ file: `content/${file.path}`, ...place, ...problem });
  };
  const source = await readSourceFile(contentDir, file.path);
  if (typeof source !== 'string') {
    note(source);
    return { read: null, problems };
  }
  const split = splitFrontMatter(source);
  if (!('yaml' in split)) {
    note(split);
    return { read: null, problems };
  }
  const { yaml, body, bodyLine } = split;
  const { fields, problems: found } = parseArticleFields(yaml, file.path, site);
  problems.push(...found);
  if (fields === null) return { read: null, problems };

  const attachments = collectAttachments(folder);
  const context: MediaContext = {
    site,
    path: file.path,
    fields,
    attachments,
    media: openMediaFiles(contentDir),
    warn(field, code, message) {
      const path = field.split('.');
      const position = yaml.positionOf(path) ?? yaml.positionOf(path.slice(0, 1));
      note({ field, code, message, ...position, blocking: false });
    },
  };
  const image = await readPicture(context);
  const audio = await readAudio(context);
  const url = fields.link ?? absoluteUrl(site, articlePath(site, fields.lang, fields.slug));
  try {
    const parsed = markdown.parse(withoutControls(body), fields.lang);
    const resolver = await resolveBody(parsed, {
      ...context,
      url,
      warnAt: (line, code, message) => note({ code, message, line: bodyLine + line - 1, column: 1, blocking: false }),
      articleUrl: (path) =>
        folder.articles.some((other) => other.path === path) ? urlOfArticle(contentDir, path, site) : null,
    });
    const html = parsed.render(resolver);
    const text = plainText(html);
    const { explicitId, image: _image, audio: _audio, ...written } = fields;
    const shown = { ...written, url, image, audio, html, attachments: attachments.list() };
    const contentHash = createHash('sha256').update(JSON.stringify(shown)).digest('hex');
    const article = { ...shown, path: file.path, text, words: countWords(text), contentHash };
    return { read: { article, explicitId, bodyHash: hashOfBody(body) }, problems };
  } catch (error) {
    if (!(error instanceof MarkdownError)) throw error;
    note({ code: 'unreadable-text', message: error.message, line: bodyLine, column: 1 });
    return { read: null, problems };
  }
}

/** Where another article of the folder is read: what its own front matter says. */
async function urlOfArticle(contentDir: string, path: string, site: Site): Promise<string | null> {
  const source = await readSourceFile(contentDir, path);
  if (typeof source !== 'string') return null;
  const split = splitFrontMatter(source);
  const fields: ArticleFields | null = 'yaml' in split ? parseArticleFields(split.yaml, path, site).fields : null;
  return fields && (fields.link ?? absoluteUrl(site, articlePath(site, fields.lang, fields.slug)));
}

function hashOfBody(body: string): string {
  const text = body.trim();
  return text === '' ? '' : createHash('sha256').update(text).digest('hex');
}

/** XML takes none of them, and people see none. */
function withoutControls(body: string): string {
  return body.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g, '');
}
