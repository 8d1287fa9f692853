import { isArticleId } from '../front-matter/article-schema.ts';
import type { ForeignFile } from './foreign-file.ts';
import { foreignKeys, isRowNumber, textOf } from './foreign-keys.ts';

/**
 * The id by which subscribers know the entry: `id` where that is an IRI, else `guid` and its like, byte for byte. A
 * number is a row of somebody's database and means nothing here.
 */
export function readId(file: ForeignFile): void {
  const { written } = file;
  const { id } = written;
  if (typeof id === 'string' && isArticleId(id)) return;
  file.set('id', undefined);
  const guids = foreignKeys.id.flatMap((key) => {
    const guid = guidOf(written[key]);
    return guid === null ? [] : [{ key, guid }];
  });
  const found = guids.find(({ guid }) => isArticleId(guid));
  if (found) {
    file.set('id', found.guid, found.key);
    return;
  }
  const [first] = guids.filter(({ key }) => key !== 'wordpress_url');
  const { key, guid } = first ?? { key: 'id', guid: isRowNumber(id) ? null : guidOf(id) };
  if (guid === null) return;
  const message = `“${guid.slice(0, 100)}” is not an IRI, and Atom takes no other id, so the article gets a new one. If subscribers know it by this one, they will see it once more.`;
  file.note(key, 'foreign-id', message);
}

/** WordPress' database has `&#038;` where its feeds, once parsed, have `&`. */
export function guidOf(value: unknown): string | null {
  return typeof value === 'string' ? (textOf(value)?.replaceAll('&#038;', '&') ?? null) : null;
}
