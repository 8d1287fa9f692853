import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Site } from '../../site.ts';
import { listContentFiles } from '../catalog/content-files.ts';
import { addAlias } from '../front-matter/alias-line.ts';
import { type ArticleFields, parseArticleFields } from '../front-matter/article-fields.ts';
import { splitFrontMatter } from '../front-matter/front-matter.ts';
import { addIdLine, textOf } from '../front-matter/id-line.ts';
import { replaceFile } from '../replace-file.ts';
import { readSourceFile } from '../source-file.ts';
import { type ForeignEntry, type MatchedArticle, matchForeignGuids } from './foreign-guids.ts';

/** What a file is to get from the old site's feed. */
export interface ForeignId {
  /** Relative to `content/`. */
  readonly path: string;
  /** By which the old feed's readers know the article. */
  readonly guid: string;
  /** Whether the guid stands in the file as its id already. */
  readonly hasId: boolean;
  /** Its old address, to be added to `aliases`; null where nothing is to be added. */
  readonly alias: string | null;
}

export interface ForeignIds {
  readonly ids: readonly ForeignId[];
  /** Files that have another id than the feed has for them. */
  readonly otherwise: readonly { readonly path: string; readonly guid: string; readonly id: string }[];
  /** Entries for which there is no article, or more than one. */
  readonly unmatched: readonly ForeignEntry[];
  /** Entries whose guid can't be an id. */
  readonly refused: readonly ForeignEntry[];
  /** Files whose problems keep them from being looked at, in the order of their paths. */
  readonly faulty: readonly string[];
}

interface ReadFile extends MatchedArticle {
  readonly explicitId: string | null;
}

/** Files read between two looks at the rest of the world. */
const filesAtOnce = 100;

/** Finds the files of the old feed's entries. Looks at the folder alone, as a ledger would have ids of its own by now. */
export async function findForeignIds(
  contentDir: string,
  site: Site,
  entries: readonly ForeignEntry[],
): Promise<ForeignIds> {
  const { files, faulty } = await readFiles(contentDir, site);
  const base = URL.parse(site.url)?.pathname.replace(/\/+$/, '') ?? '';
  const byId = new Map(files.flatMap((file) => (file.explicitId === null ? [] : [[file.explicitId, file] as const])));
  const ids: ForeignId[] = [];
  const open: ForeignEntry[] = [];
  const kept = new Set<ReadFile>();
  for (const entry of entries) {
    const own = byId.get(entry.guid);
    if (own === undefined) open.push(entry);
    else if (!kept.has(own)) {
      kept.add(own);
      const alias = matchForeignGuids([entry], [own], base).matches[0]?.alias ?? null;
      if (alias !== null) ids.push({ path: own.path, guid: entry.guid, hasId: true, alias });
    }
  }
  const others = new Map(files.filter((file) => !kept.has(file)).map((file) => [file.path, file]));
  const { matches, unmatched, refused } = matchForeignGuids(open, [...others.values()], base);
  const otherwise: { path: string; guid: string; id: string }[] = [];
  for (const { path, guid, alias } of matches) {
    const id = others.get(path)?.explicitId ?? null;
    if (id === null) ids.push({ path, guid, hasId: false, alias });
    else otherwise.push({ path, guid, id });
  }
  return { ids: ids.toSorted((a, b) => (a.path < b.path ? -1 : 1)), otherwise, unmatched, refused, faulty };
}

/** Writes ids and aliases into their files. Returns those that had to be left alone. */
export async function writeForeignIds(
  contentDir: string,
  site: Site,
  ids: readonly ForeignId[],
): Promise<readonly ForeignId[]> {
  const left: ForeignId[] = [];
  for (const id of ids) {
    const change = (bytes: Buffer): Buffer | null => withForeignId(bytes, id, site);
    if (!(await replaceFile(join(contentDir, id.path), change).catch(() => false))) left.push(id);
  }
  return left;
}

async function readFiles(contentDir: string, site: Site): Promise<{ files: ReadFile[]; faulty: string[] }> {
  const files: ReadFile[] = [];
  const faulty: string[] = [];
  const { articles } = await listContentFiles(contentDir);
  for (const [index, { path }] of articles.entries()) {
    const source = readSourceFile(contentDir, path);
    const fields = 'text' in source ? fieldsOf(source.text, path, site) : null;
    if (fields === null) faulty.push(path);
    else files.push({ path, ...fields });
    if (index % filesAtOnce === 0) await nextTurn();
  }
  return { files, faulty };
}

function fieldsOf(source: string, path: string, site: Site): ArticleFields | null {
  const split = splitFrontMatter(source);
  return 'front' in split ? parseArticleFields(split.front, path, site, split).fields : null;
}

/** Null where the file wouldn't say the same afterwards, with id and alias. */
function withForeignId(bytes: Buffer, { path, guid, hasId, alias }: ForeignId, site: Site): Buffer | null {
  const aliased = alias === null ? bytes : addAlias(bytes, alias);
  const changed = aliased === null || hasId ? aliased : addIdLine(aliased, guid);
  if (changed === null) return null;
  const before = fieldsOf(textOf(bytes) ?? '', path, site);
  const after = fieldsOf(textOf(changed) ?? '', path, site);
  if (before === null || after === null || after.explicitId !== guid) return null;
  if (alias !== null && !after.aliases.includes(alias)) return null;
  const same = { explicitId: null, aliases: [] };
  const isKept = before.aliases.every((known) => after.aliases.includes(known));
  return isKept && isDeepStrictEqual({ ...before, ...same }, { ...after, ...same }) ? changed : null;
}
