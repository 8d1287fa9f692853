import { join } from 'node:path';
import type { ContentFolder } from '../catalog/content-files.ts';
import { withFileBytes } from '../media/file-bytes.ts';
import type { ContentProblem } from '../problem.ts';

/** What other systems write articles in, beside Markdown as `.md`. */
const otherTexts = /\.(?:mdx|mdown|mkdn?|html?|adoc|asciidoc|org|rst|textile|txt|njk|liquid)$/i;
const opening = /^\uFEFF?(?:---|\+\+\+)[ \t]*\r?\n/;

/** Files that look like articles of another system and aren't read: nothing else would tell that one is missing. */
export async function checkUnread(contentDir: string, { others }: ContentFolder): Promise<ContentProblem[]> {
  const problems: ContentProblem[] = [];
  for (const path of others.keys()) {
    if (!otherTexts.test(path)) continue;
    const start = await withFileBytes(join(contentDir, path), (file) => file.read(0, 100));
    if (!opening.test(start?.toString() ?? '')) continue;
    const message =
      'It begins like an article, but only .md and .markdown files are read. Write its text as Markdown into one, or take it out.';
    const place = { file: `content/${path}`, line: 1, column: 1, field: null };
    problems.push({ ...place, code: 'unread-file', message, blocking: false });
  }
  return problems;
}
