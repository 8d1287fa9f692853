import { proseLines } from './prose-lines.ts';

/**
 * The line of a body, from 1, where two versions that git couldn't merge stand one below the other: half a `git pull`.
 * Null where there are none; what stands in a block of code is an example.
 */
export function findMergeConflict(body: string): number | null {
  if (!body.includes('<<<<<<< ')) return null;
  let begin: number | null = null;
  let isDivided = false;
  for (const { text, line, isCode } of proseLines(body)) {
    if (isCode) continue;
    if (text.startsWith('<<<<<<< ')) {
      begin = line;
      isDivided = false;
    } else if (/^={7}\r?$/.test(text)) isDivided = begin !== null;
    else if (isDivided && text.startsWith('>>>>>>> ')) return begin;
  }
  return null;
}
