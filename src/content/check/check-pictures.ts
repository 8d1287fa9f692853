import type { ContentFolder } from '../catalog/content-files.ts';
import { findSpelled } from '../file-name.ts';
import type { WrittenAddress } from '../markdown/body-outline.ts';
import { parseReference } from '../markdown/references.ts';
import { mediaTypeOf } from '../media/attachments.ts';
import type { Pixels } from '../media/pixels.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn } from './checked-article.ts';

/** An article's pictures as its file names them; `place` is `image.src` or a line of the file. */
export type WrittenPicture = Pick<WrittenAddress, 'address'> & { readonly place: string | number };

export interface PictureFolder {
  readonly others: ContentFolder['others'];
  sizeOf(path: string): Promise<Pixels | null>;
  /** Files that were looked at before: a picture in many articles is one problem. */
  readonly seen: Set<string>;
}

const megabyte = 1_000_000;
const maxPixels = 4000;

/** Pictures that make readers wait, and addresses from the site's root that lead to none. */
export async function checkPictures(
  article: Pick<CheckedArticle, 'path' | 'positions'>,
  pictures: readonly WrittenPicture[],
  folder: PictureFolder,
): Promise<ContentProblem[]> {
  const problems: ContentProblem[] = [];
  for (const { address, place } of pictures) {
    const reference = parseReference(address, article.path);
    if (reference.kind !== 'file' && reference.kind !== 'site') continue;
    const written = reference.kind === 'file' ? reference.path : sitePath(reference.path);
    const file = findSpelled(folder.others, written);
    if (!file) {
      // A file that is missing beside the article is told when the article is read.
      if (reference.kind === 'site' && !written.startsWith('articles/')) {
        const message = `There is no file “${written}” in content/, so the picture isn’t shown. Add it, or correct the address.`;
        problems.push(problemIn(article, place, 'missing-file', message));
      }
      continue;
    }
    const { path } = file;
    if (folder.seen.has(path) || !mediaTypeOf(path)?.startsWith('image/')) continue;
    folder.seen.add(path);
    const size = await folder.sizeOf(path);
    if (file.size > megabyte) {
      const message = `${path} has ${(file.size / megabyte).toFixed(1)} MB. Save it smaller: under 1 MB it loads at once.`;
      problems.push(problemIn(article, place, 'large-picture', message));
    } else if (size && Math.max(size.width, size.height) > maxPixels) {
      const message = `${path} is ${size.width} × ${size.height} pixels. Scale it down: no side needs more than ${maxPixels}.`;
      problems.push(problemIn(article, place, 'large-picture', message));
    }
  }
  return problems;
}

function sitePath(path: string): string {
  return decodeURIComponent(path.replace(/[?#].*$/s, '').slice(1));
}
