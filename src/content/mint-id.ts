import { randomUUID } from 'node:crypto';
import type { Site } from '../site.ts';
import { yearIn } from './article-date.ts';
import type { FileIdentity } from './article-ids.ts';

/**
 * A new id: a tag of the site's authority (RFC 4151), or a UUID where it has none.
 *
 * @param attempt from 1; another one gives another id.
 */
export function mintId(
  site: Site,
  { lang, slug, date }: Pick<FileIdentity, 'lang' | 'slug' | 'date'>,
  attempt: number,
): string {
  if (site.authority === null) return `urn:uuid:${randomUUID()}`;
  const number = attempt === 1 ? '' : `-${attempt}`;
  return `tag:${site.authority}:${lang}/${yearIn(site.timezone, date)}/${slug}${number}`;
}
