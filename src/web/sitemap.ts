import type { Instant } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import { escapeHtml } from '../feeds/index.ts';
import { absoluteUrl, articlePath, homePath, type Site, sectionPath } from '../site.ts';

export const sitemapContentType = 'application/xml; charset=utf-8';

/** As long as a page: what is withdrawn must be gone soon. */
export const sitemapCacheControl = 'public, max-age=60';

/** A page that search engines may list. */
export interface SitemapUrl {
  /** Absolute. */
  readonly url: string;
  /** When its content last changed; null where nothing says. */
  readonly lastmod: Instant | null;
  /** Absolute URL of the same page by language, itself included; empty where it exists in one only. */
  readonly translations: ReadonlyMap<string, string>;
}

/**
 * What a search engine finds: each language's front page, the sections that have articles, and every published article
 * that lives on this site. Nothing else is in the published catalog, so nothing else can leak.
 */
export function* listSitemapUrls(published: PublishedCatalog, site: Site): Generator<SitemapUrl> {
  /** The newest change in each language's front page and sections: `en/home`, `fa/topics/security`. */
  const newest = new Map<string, Instant>();
  for (const article of published.articles) {
    for (const key of pageKeys(article)) {
      const known = newest.get(key);
      if (known === undefined || known < article.updated) newest.set(key, article.updated);
    }
    if (article.link === null) yield articlePageUrl(published, site, article);
  }
  const pagesOf = function* (key: string, languages: readonly string[], pathIn: (lang: string) => string) {
    const translations = several(new Map(languages.map((lang) => [lang, absoluteUrl(site, pathIn(lang))])));
    for (const lang of languages) {
      yield { url: absoluteUrl(site, pathIn(lang)), lastmod: newest.get(`${lang}/${key}`) ?? null, translations };
    }
  };
  yield* pagesOf('home', site.languages, (lang) => homePath(site, lang));
  for (const kind of ['countries', 'topics', 'authors'] as const) {
    for (const key of Object.keys(site[kind])) {
      const languages = site.languages.filter((lang) => newest.has(`${lang}/${kind}/${key}`));
      yield* pagesOf(`${kind}/${key}`, languages, (lang) => sectionPath(site, lang, kind, key));
    }
  }
}

export const sitemapStart = `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
`;

export const sitemapEnd = '</urlset>\n';

export function renderSitemapUrl({ url, lastmod, translations }: SitemapUrl): string {
  const parts = [
    `<loc>${urlText(url)}</loc>`,
    ...(lastmod === null ? [] : [`<lastmod>${lastmod}</lastmod>`]),
    ...[...translations].map(
      ([lang, other]) => `<xhtml:link rel="alternate" hreflang="${escapeHtml(lang)}" href="${urlText(other)}"/>`,
    ),
  ];
  return `<url>${parts.join('')}</url>\n`;
}

/** @param urls Absolute URL of each part. */
export function renderSitemapIndex(urls: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.map((url) => `<sitemap><loc>${urlText(url)}</loc></sitemap>\n`).join('')}</sitemapindex>
`;
}

/** An article's page on this site. */
export function articleUrl(site: Site, { lang, slug }: Article): string {
  return absoluteUrl(site, articlePath(site, lang, slug));
}

/** A URL as XML takes it, percent-encoded as the protocol asks. Most need nothing: there may be half a million. */
export function urlText(url: string): string {
  return /^[!#-%'-;=?-~]+$/.test(url) ? url : escapeHtml(new URL(url).href);
}

function articlePageUrl(published: PublishedCatalog, site: Site, article: Article): SitemapUrl {
  const here = published.listTranslations(article).filter(({ link }) => link === null);
  const versions = [article, ...here].toSorted(
    (a, b) => site.languages.indexOf(a.lang) - site.languages.indexOf(b.lang),
  );
  return {
    url: articleUrl(site, article),
    lastmod: article.updated,
    translations: several(new Map(versions.map((version) => [version.lang, articleUrl(site, version)]))),
  };
}

/** The pages that list an article. */
function pageKeys({ lang, countries, topics, authors }: Article): string[] {
  return [
    `${lang}/home`,
    ...countries.map((key) => `${lang}/countries/${key}`),
    ...topics.map((key) => `${lang}/topics/${key}`),
    ...authors.flatMap(({ key }) => (key === null ? [] : [`${lang}/authors/${key}`])),
  ];
}

function several(urls: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return urls.size > 1 ? urls : new Map();
}
