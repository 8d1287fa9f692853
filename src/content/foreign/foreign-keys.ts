import { parseFileName } from '../file-name.ts';
import { articleSchema } from '../front-matter/article-schema.ts';

/** The keys of other systems' front matter: which of them say something here, and which may stand there unread. */

const nativeKeys = new Set<string>(Object.keys(articleSchema.shape));

/** In the order in which each is taken; the first that gives a value wins. */
export const foreignKeys = {
  id: ['guid', 'rss_guid', 'feed_guid', 'rssGuid', 'feedGuid', 'atom_id', 'wordpress_url'],
  title: ['linkTitle', 'post_title'],
  summary: ['description', 'excerpt', 'post_excerpt', 'abstract'],
  lang: ['language', 'locale', 'languageCode'],
  translationOf: ['translationKey'],
  date: [
    'date_gmt',
    'post_date_gmt',
    'post_date',
    'publishDate',
    'pubDate',
    'pubdate',
    'published_at',
    'datePublished',
  ],
  updated: ['lastmod', 'last_modified_at', 'lastModified', 'modified', 'post_modified', 'updated_at', 'dateModified'],
  authors: ['author'],
  terms: ['categories', 'category', 'tags', 'tag', 'series', 'taxonomies'],
  image: [
    ...['images', 'featured_image', 'featuredImage', 'featured-image', 'feature_image', 'coverImage', 'cover_image'],
    ...['cover', 'thumbnail', 'header', 'banner', 'hero', 'og_image'],
  ],
  addresses: ['url', 'permalink', 'path', 'redirect_from'],
  status: [
    ...['draft', 'published', 'expiryDate', 'unpublishdate', 'headless', 'build', '_build', 'hidden', 'private'],
    ...['password', 'eleventyExcludeFromCollections', 'layout', 'type', 'post_type', 'eleventyComputed'],
  ],
} as const;

/** What a theme or a generator wants to know and no reader does. */
const harmless = new Set([
  ...['weight', 'menu', 'menus', 'comments', 'comment', 'disqus', 'toc', 'tableofcontents', 'math', 'mathjax', 'katex'],
  ...['mermaid', 'markup', 'outputs', 'cascade', 'resources', 'keywords', 'subtitle', 'sitemap', 'robots', 'noindex'],
  ...[
    'isCJKLanguage',
    'params',
    'parent',
    'identifier',
    'linktitle',
    'readingTime',
    'reading_time',
    'showToc',
    'TocOpen',
  ],
  ...['render_with_liquid', 'excerpt_separator', 'nav_order', 'classes', 'sidebar', 'author_profile', 'read_time'],
  ...[
    'share',
    'related',
    'pin',
    'sticky',
    'featured',
    'search',
    'seo',
    'twitter',
    'og',
    'canonical_url',
    'canonicalURL',
  ],
  ...['image_alt', 'imageAlt', 'coverAlt', 'cover_alt', 'templateEngineOverride', 'eleventyNavigation', 'pagination'],
  ...['eleventyImport', 'override:tags', 'templateClass', 'wordpress_id', 'post_id', 'post_name', 'meta'],
  ...[
    'author_login',
    'author_email',
    'author_url',
    'ping_status',
    'comment_status',
    'parent_id',
    'menu_order',
    'format',
  ],
  ...[
    'post_status',
    'more_anchor',
    'timeline_notification',
    'wp_id',
    'post_format',
    'views',
    'license',
    'editor',
    'audience',
    'extra',
    'template',
    'in_search_index',
    'insert_anchor_links',
    'translator',
    'translators',
    'editors',
  ],
]);

const known = new Set<string>([...Object.values(foreignKeys).flat(), ...harmless]);
const byLowerCase = new Map<string, string>();
for (const key of [...nativeKeys, ...known]) {
  if (!byLowerCase.has(key.toLowerCase())) byLowerCase.set(key.toLowerCase(), key);
}

/** Whether a key belongs to another system and isn't an editor's mistake. */
export function isForeignKey(key: string): boolean {
  return known.has(key) && !nativeKeys.has(key);
}

/** The key as it is known here: Hugo takes `Title` for `title`. Null where no spelling of it is known. */
export function knownSpelling(key: string): string | null {
  return nativeKeys.has(key) || known.has(key) ? key : (byLowerCase.get(key.toLowerCase()) ?? null);
}

/**
 * Whether a file was written for another system: it has keys of one, values that Silkpost's own keys don't take, or
 * Jekyll's way of naming files. Cheap, for it is asked of every file.
 */
export function isForeignFile(written: Readonly<Record<string, unknown>>, path: string): boolean {
  for (const key of Object.keys(written)) if (!nativeKeys.has(key) && knownSpelling(key) !== null) return true;
  if (isRowNumber(written['id'])) return true;
  if (listOf(written['authors']).some((author) => typeof author === 'string' && !isKeyShaped(author))) return true;
  if (listOf(written['aliases']).some((alias) => typeof alias === 'string' && !/^\/[^%]*$/.test(alias))) return true;
  if (isOtherImage(written['image'])) return true;
  return /(?:^|\/)_posts\//.test(path) || (written['date'] === undefined && hasDate(path));
}

function isOtherImage(image: unknown): boolean {
  if (Array.isArray(image)) return true;
  return typeof image === 'object' && image !== null && !Object.hasOwn(image, 'src');
}

function hasDate(path: string): boolean {
  return parseFileName(path, []).date !== null;
}

/** The number of a row in somebody's database, which some exporters put in quotes. */
export function isRowNumber(id: unknown): boolean {
  return typeof id === 'number' || (typeof id === 'string' && /^\d+$/.test(id));
}

/** `ana-beridze`, as keys of silkpost.yaml are written. */
export function isKeyShaped(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}

/** A list, or one alone; nothing where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** A text or a number as text, trimmed; null for anything else and for what is empty. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim();
  return text === '' ? null : text;
}

/** One entry of a mapping, or undefined. */
export function entryOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
