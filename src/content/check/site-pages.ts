import { absoluteUrl, articlePath, defaultLanguage, type Site } from '../../site.ts';
import { isArticleFile, isHiddenPath, isMarkdownFile } from '../file-name.ts';
import { parseReference } from '../markdown/references.ts';
import { mediaTypeOf } from '../media/attachments.ts';
import type { CheckedArticle } from './checked-article.ts';

/** What a link leads to, as far as it is this publication's. */
export type LinkTarget =
  /** A page of the site, by its path without the site's own: `/fa/articles/tehran-talks`. */
  | { readonly kind: 'page'; readonly path: string; readonly hash: string }
  /** An article by its file. */
  | { readonly kind: 'article-file'; readonly path: string; readonly hash: string }
  /** A place in the article itself. */
  | { readonly kind: 'anchor'; readonly hash: string }
  /** Another site, or a file: nothing that this can tell more about. What a build leaves out is told when it is read. */
  | { readonly kind: 'elsewhere' };

/** Reads a link's address as it will work where the article is shown. `hash` is decoded, without its `#`. */
export function linkTargetOf(address: string, { path, fields }: CheckedArticle, site: Site): LinkTarget {
  const reference = parseReference(address, path);
  switch (reference.kind) {
    case 'anchor':
      return { kind: 'anchor', hash: decoded(reference.hash.slice(1)) };
    case 'web':
      return pageTarget(reference.url, site);
    case 'site':
      return pageTarget(absoluteUrl(site, reference.path), site);
    case 'file': {
      const hash = decoded(reference.suffix.replace(/^[^#]*#?/s, ''));
      if (isMarkdownFile(reference.path)) {
        const isArticle = isArticleFile(reference.path) && !isHiddenPath(reference.path);
        return isArticle ? { kind: 'article-file', path: reference.path, hash } : { kind: 'elsewhere' };
      }
      if (mediaTypeOf(reference.path) !== null) return { kind: 'elsewhere' };
      // A browser takes it from the article's page on.
      const base = fields.link ?? absoluteUrl(site, articlePath(site, fields.lang, fields.slug));
      return URL.canParse(address, base) ? pageTarget(new URL(address, base).href, site) : { kind: 'elsewhere' };
    }
    case 'outside':
    case 'refused':
      return { kind: 'elsewhere' };
    default:
      return reference satisfies never;
  }
}

function pageTarget(url: string, site: Site): LinkTarget {
  const page = sitePageOf(url, site);
  return page === null ? { kind: 'elsewhere' } : { kind: 'page', ...page };
}

/** Where on the publication's site an absolute URL leads, by its path without the site's own; null: to another site. */
export function sitePageOf(url: string, site: Site): { readonly path: string; readonly hash: string } | null {
  const base = URL.canParse(site.url) ? new URL(site.url).href.replace(/\/$/, '') : site.url;
  if (!URL.canParse(url)) return null;
  const { href } = new URL(url);
  if (!(href === base || [`/`, '?', '#'].some((next) => href.startsWith(base + next)))) return null;
  const [, path = '', hash = ''] = /^([^?#]*)[^#]*#?(.*)$/s.exec(href.slice(base.length)) ?? [];
  return { path: pagePathOf(path), hash: decoded(hash) };
}

/** A path as pages are compared: decoded, without a slash at its end. */
export function pagePathOf(path: string): string {
  return decoded(path).replace(/\/+$/, '') || '/';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const feedFile = /\/(?:rss\.xml|atom\.xml|feed\.json)$/;
const pages = /^\/(?:feeds(?:\.opml|\/select)?|subscribe|newsletters(?:\/.*)?|archive\/\d+)?$/;
const rootPages = /^\/(?:(?:news-)?sitemap\.xml|robots\.txt|favicon\.ico|outbox|healthz|readyz)$/;

/** Whether the site has a page or a document there by itself: anything but articles, their files and old addresses. */
export function isSitePage(path: string, site: Site): boolean {
  if (rootPages.test(path) || [site.image, site.icon].some((name) => name !== null && path === `/${name}`)) return true;
  const [, first = ''] = path.split('/');
  const prefixed = first !== defaultLanguage(site) && site.languages.includes(first);
  const rest = prefixed ? path.slice(first.length + 1) || '/' : path;
  const page = rest.replace(feedFile, '') || '/';
  const [, kind, key] = /^\/(countries|topics|authors)\/([^/]+)$/.exec(page) ?? [];
  if (key !== undefined)
    return Object.hasOwn(kind === 'countries' ? site.countries : kind === 'topics' ? site.topics : site.authors, key);
  return pages.test(page);
}
