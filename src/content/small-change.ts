import type { Instant } from '../clock.ts';
import type { ArticleDesk } from './article-desk.ts';
import { isSameThere } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import { statContentFile } from './content-files.ts';
import { isArticleFile } from './file-name.ts';
import { recordOf } from './next-records.ts';
import type { ContentProblem } from './problem.ts';

/** Few enough that taking them all back can't be the accident that a rebuild looks out for. */
const maxFiles = 5;

export interface SmallChange {
  readonly records: readonly ArticleRecord[];
  readonly problems: readonly ContentProblem[];
}

/**
 * What an editor's saving comes to where it can't concern any article but those of the saved files: each was there before
 * and is still the same article at the same address. Null where more may have to be looked at.
 *
 * @param changed Paths relative to `content/`.
 * @param livingAt The record of the article whose file is at a path.
 */
export async function readSmallChange(
  changed: ReadonlySet<string>,
  contentDir: string,
  desk: ArticleDesk,
  livingAt: (path: string) => ArticleRecord | undefined,
  renderKey: string,
  now: Instant,
): Promise<SmallChange | null> {
  const paths = [...changed];
  if (paths.length > maxFiles || !paths.every(isArticleFile)) return null;
  const files = paths.map((path) => statContentFile(contentDir, path));
  const records: ArticleRecord[] = [];
  const problems: ContentProblem[] = [];
  for (const [index, { read, problems: found }] of (await desk.read(paths)).entries()) {
    const file = files[index];
    const earlier = file && livingAt(file.path);
    if (!file || !earlier || read === null) return null;
    const { article, explicitId, bodyHash } = read;
    const { id, lang, slug } = earlier.article;
    const isTheSame = (explicitId === null || explicitId === id) && isSameThere({ ...article, bodyHash }, earlier);
    if (!isTheSame || article.lang !== lang || article.slug !== slug) return null;
    problems.push(...found);
    records.push(recordOf(id, file, read, earlier.article, found.length > 0 ? '' : renderKey, now));
  }
  return { records, problems };
}
