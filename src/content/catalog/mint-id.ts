import { createHmac } from 'node:crypto';
import type { Site } from '../../site.ts';
import { yearIn } from '../front-matter/article-date.ts';
import type { FileIdentity } from './article-ids.ts';

/**
 * Makes an article's new id.
 *
 * @param attempt from 1; another one gives another id.
 */
export type Mint = (article: Pick<FileIdentity, 'lang' | 'slug' | 'date'>, attempt: number) => string;

/**
 * Ids are tags of the site's authority (RFC 4151). Where it has none they are UUIDs that only this secret gives (version 8,
 * RFC 9562 §5.8): nobody else has them, and processes that share a database give a file the same one, whichever sees it first.
 *
 * @param secret random, at least 16 bytes.
 */
export function createMint({ authority, timezone }: Pick<Site, 'authority' | 'timezone'>, secret: Uint8Array): Mint {
  return ({ lang, slug, date }, attempt) => {
    const name = `${lang}/${yearIn(timezone, date)}/${slug}${attempt === 1 ? '' : `-${attempt}`}`;
    return authority === null ? uuidOf(createHmac('sha256', secret).update(name).digest()) : `tag:${authority}:${name}`;
  };
}

function uuidOf(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `urn:uuid:${bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}
