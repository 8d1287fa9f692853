import { isArticleId } from './article-schema.ts';
import type { ForeignFile } from './foreign-file.ts';
import { foreignKeys, textOf } from './foreign-keys.ts';

/**
 * The id by which subscribers know the entry: `id` where that is an IRI, else `guid` and its like, byte for byte. A
 * number is a row of somebody's database and means nothing here.
 */
export function readId(file: ForeignFile): void {
  const { id } = file.written;
  if (typeof id === 'string' && isArticleId(id)) return;
  file.set('id', undefined);
  const found = foreignKeys.id.find((key) => isArticleId(textOf(file.written[key]) ?? ''));
  if (found !== undefined) {
    file.set('id', textOf(file.written[found]), found);
    return;
  }
  const key = [...foreignKeys.id, 'id'].find((name) => typeof file.written[name] === 'string');
  const text = key === undefined ? null : textOf(file.written[key]);
  if (key === undefined || text === null) return;
  const message = `“${text.slice(0, 100)}” is not an IRI, and Atom takes no other id, so the article gets a new one. If subscribers know it by this one, they will see it once more.`;
  file.note(key, 'foreign-id', message);
}
