import type { ForeignFile } from './foreign-file.ts';
import { entryOf, textOf } from './foreign-keys.ts';

/** WordPress' words for what isn't to be seen. */
const unseen = new Set(['draft', 'auto-draft', 'pending', 'private', 'trash', 'inherit']);
/** WordPress' words for what is, at its date. */
const seen = new Set(['publish', 'published', 'future']);

/** Keeps back, as a draft, whatever the old site didn't show: better one article too few than one too many. */
export function readStatus(file: ForeignFile): void {
  const { written } = file;
  const status = textOf(written['status'])?.toLowerCase();
  if (status === 'withdrawn') return;
  if (status !== undefined && seen.has(status)) file.set('status', 'published');
  const keep = (key: string, message?: string): void => {
    file.set('status', 'draft');
    if (message !== undefined) file.note(key, 'kept-back', message);
  };
  if (status !== undefined && unseen.has(status)) keep('status');
  if (isTrue(written['draft'])) keep('draft');
  if (isFalse(written['published'])) keep('published');
  if (isFalse(written['permalink'])) keep('permalink');
  if (isTrue(written['eleventyExcludeFromCollections'])) keep('eleventyExcludeFromCollections');
  if (isTrue(written['headless'])) keep('headless');
  for (const key of ['build', '_build']) {
    const render = entryOf(written[key], 'render');
    const list = entryOf(written[key], 'list');
    if ([render, list].some((value) => isFalse(value) || value === 'never')) keep(key);
  }
  for (const key of ['hidden', 'private']) {
    if (isTrue(written[key])) keep(key, `${key} keeps the article back as a draft. Take the line out to publish it.`);
  }
  if (textOf(written['password']) !== null) {
    keep('password', 'Silkpost knows no passwords, so the article is kept back. Take the line out to publish it.');
  }
  for (const key of ['expiryDate', 'unpublishdate']) {
    if (textOf(written[key]) === null) continue;
    const message = `Silkpost takes nothing back by itself, so the article is kept back. Take ${key} out to publish it.`;
    keep(key, message);
  }
  for (const key of ['layout', 'type', 'post_type']) {
    if (written[key] !== 'page') continue;
    keep(key, `A page is no news and isn’t in any feed, so it is kept back. Take “${key}: page” out to publish it.`);
    break;
  }
  if (written['eleventyComputed'] !== undefined) {
    const message = 'eleventyComputed isn’t worked out. Write the values themselves.';
    file.note('eleventyComputed', 'computed-values', message);
  }
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 'yes';
}

function isFalse(value: unknown): boolean {
  return value === false || value === 'false' || value === 'no';
}
