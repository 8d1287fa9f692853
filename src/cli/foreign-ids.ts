import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig } from '../config/index.ts';
import { type ForeignEntry, type ForeignId, findForeignIds, writeForeignIds } from '../content/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { parseForeignFeed } from '../feeds/index.ts';
import { count } from './articles-report.ts';
import type { Invocation, PlaceOptions } from './command.ts';
import { exitCodes } from './exit-codes.ts';

export interface ForeignIdsOptions extends PlaceOptions {
  /** The old site's feed, a file. */
  readonly from: string;
  readonly write?: boolean;
}

/** `silkpost ids --from`: the old site's guids into the files, before anything has given the articles ids of their own. */
export async function foreignIds(
  options: ForeignIdsOptions,
  { terminal, environment, end }: Invocation,
): Promise<void> {
  const { site, paths } = readConfig({ dir: options.dir, data: options.data, outbox: true, environment });
  const feed = parseForeignFeed(await readFeed(resolve(options.dir, options.from), options.from));
  if ('message' in feed) throw new AppError('invalid', `${options.from}: ${feed.message}`);
  if (feed.kind === 'sitemap') {
    terminal.say(
      'A sitemap has no guids, so its addresses are taken for them. That is right for Hugo and Eleventy alone; for any other system give the feed.',
    );
  }
  if (existsSync(paths.database)) {
    terminal.say(
      'Silkpost has run here before: an article that it published under another id is refused with changed-id. docs/migrating.md says what to do then.',
    );
  }
  const found = await findForeignIds(paths.content, site, feed.entries);
  const left = options.write ? await writeForeignIds(paths.content, site, found.ids) : [];
  for (const one of found.ids) if (!left.includes(one)) terminal.out(describe(one));
  for (const { path, guid, id } of found.otherwise) {
    terminal.say(
      `content/${path} has the id ${id}, but the feed knows it by ${guid}. Correct it if nobody reads it yet.`,
    );
  }
  for (const entry of found.unmatched) {
    terminal.say(
      `${nameOf(entry)} is no article here, or more than one could be it. If it is one, write id: ${entry.guid}`,
    );
  }
  for (const entry of found.refused) {
    terminal.say(`${nameOf(entry)} can’t keep its guid “${entry.guid}”: Atom takes only an IRI.`);
  }
  for (const path of found.faulty) {
    terminal.say(`content/${path} has a problem, so it was left alone. silkpost check says what it is.`);
  }
  for (const { path, guid, hasId, alias } of left) {
    const lines = [
      ...(hasId ? [] : [`id: ${guid}`]),
      ...(alias === null ? [] : [`aliases: [${JSON.stringify(alias)}]`]),
    ];
    terminal.say(`content/${path} can’t take the lines. Write them by hand: ${lines.join(', ')}`);
  }
  const read = feed.entries.length === 1 ? '1 entry' : `${feed.entries.length} entries`;
  const taken = count(found.ids.length - left.length, 'file');
  terminal.say(
    `${read} read; ids ${options.write ? 'written into' : 'found for'} ${taken}${options.write ? '' : '; --write puts them there'}`,
  );
  if (found.faulty.length > 0 || left.length > 0) end(exitCodes.fault);
  else if (found.otherwise.length + found.unmatched.length + found.refused.length > 0) end(exitCodes.attention);
}

async function readFeed(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('not_found', `${name} can’t be read: ${sentenceOf(error)}.`, { cause: error });
  }
}

function describe({ path, guid, alias }: ForeignId): string {
  return `content/${path} ${guid}${alias === null ? '' : ` ${alias}`}`;
}

function nameOf({ title, url, guid }: ForeignEntry): string {
  return title === null ? (url ?? guid) : `“${title}”${url === null ? '' : ` (${url})`}`;
}
