import { createHash } from 'node:crypto';
import { defaultLanguage, localized, type SectionKind, type Site } from '../site.ts';

/** Silkpost's name space for version 5 UUIDs; never to be changed. */
const nameSpace = Buffer.from('5d1c0a2e7b3f4c608d94e2f1a6b7c839', 'hex');

/**
 * A feed's immutable id (RFC 4287 §4.2.6): a tag: URI under the publication's authority (RFC 4151).
 *
 * Without an authority it is a version 5 UUID (RFC 9562 §5.5) of the publication's title in its default language and
 * of the selection: it survives a new host, and a publication that wants to survive a new title too sets an authority.
 * The language always belongs to it, so that a feed keeps its id when another language becomes the default.
 */
export function feedId(site: Site, lang: string, section: { kind: SectionKind; key: string } | null): string {
  return idUnder(site, 'feeds/', section ? `${lang}/${section.kind}/${encodeURIComponent(section.key)}` : lang);
}

/** The id of any selection's feed. @param query in its canonical form; its `?` keeps it apart from all other ids. */
export function selectionFeedId(site: Site, lang: string, query: string): string {
  return idUnder(site, 'feeds/', `${lang}/select?${query}`);
}

/** The id of the feed of a newsletter's editions. */
export function newsletterFeedId(site: Site, lang: string, newsletter: string): string {
  return idUnder(site, 'feeds/', `${lang}/newsletters/${encodeURIComponent(newsletter)}`);
}

/** The immutable id of an edition as an entry. @param key unique within the newsletter, `2026-11-27T0300Z` */
export function editionEntryId(site: Site, lang: string, newsletter: string, key: string): string {
  return idUnder(site, '', `newsletters/${encodeURIComponent(newsletter)}/${encodeURIComponent(key)}/${lang}`);
}

function idUnder(site: Site, folder: string, name: string): string {
  if (site.authority !== null) return `tag:${site.authority}:${folder}${name}`;
  return nameUuid(JSON.stringify([localized(site.title, defaultLanguage(site), site), name]));
}

function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(nameSpace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `urn:uuid:${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}
