import type { PublishedCatalog } from '../content/index.ts';
import { absoluteUrl, type Site } from '../site.ts';
import type { Prepared } from './prepared-answer.ts';
import { PackedText, prepareText } from './prepared-text.ts';
import {
  listSitemapUrls,
  renderSitemapIndex,
  renderSitemapUrl,
  sitemapCacheControl,
  sitemapContentType,
  sitemapEnd,
  sitemapStart,
} from './sitemap.ts';

export interface SitemapLimits {
  /** Pages in one document. */
  readonly urls: number;
  /** Bytes of one document before compression. */
  readonly bytes: number;
}

/** What sitemaps.org sets. */
const protocolLimits: SitemapLimits = { urls: 50_000, bytes: 50 * 1024 * 1024 };

/** Sitemaps by URL path. */
export interface SitemapPress {
  /** `/sitemap.xml`, or `/sitemap-1.xml` … where there is too much for one: then the first is their index. */
  find(published: PublishedCatalog, path: string): Promise<Prepared | null>;
}

/** Makes the sitemaps when they are first asked for, once for each state of the catalog. */
export function createSitemapPress(site: Site, limits: SitemapLimits = protocolLimits): SitemapPress {
  let known: { readonly published: PublishedCatalog; readonly documents: Promise<Map<string, Prepared>> } | null = null;
  return {
    async find(published, path) {
      if (known?.published !== published) known = { published, documents: printSitemaps(published, site, limits) };
      return (await known.documents).get(path) ?? null;
    },
  };
}

async function printSitemaps(
  published: PublishedCatalog,
  site: Site,
  limits: SitemapLimits,
): Promise<Map<string, Prepared>> {
  const frame = Buffer.byteLength(sitemapStart + sitemapEnd);
  const parts: PackedText[] = [];
  let room = { urls: 0, bytes: 0 };
  for (const url of listSitemapUrls(published, site)) {
    const text = renderSitemapUrl(url);
    const bytes = Buffer.byteLength(text);
    if (room.urls === 0 || room.bytes < bytes) {
      room = { urls: limits.urls, bytes: limits.bytes - frame };
      await parts.at(-1)?.write(sitemapEnd);
      parts.push(new PackedText());
      await parts.at(-1)?.write(sitemapStart);
    }
    await parts.at(-1)?.write(text);
    room = { urls: room.urls - 1, bytes: room.bytes - bytes };
  }
  await parts.at(-1)?.write(sitemapEnd);
  const documents = await Promise.all(parts.map((part) => part.finish(sitemapContentType, sitemapCacheControl)));
  const [only] = documents;
  if (only !== undefined && documents.length === 1) return new Map([['/sitemap.xml', only]]);
  const paths = documents.map((_, index) => `/sitemap-${index + 1}.xml`);
  const index = renderSitemapIndex(paths.map((path) => absoluteUrl(site, path)));
  return new Map([
    ['/sitemap.xml', prepareText(index, sitemapContentType, sitemapCacheControl)],
    ...documents.map((document, at): [string, Prepared] => [paths[at] ?? '', document]),
  ]);
}
