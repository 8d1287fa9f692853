import type { Instant } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import { escapeHtml } from '../feeds/index.ts';
import { absoluteUrl, articlePath, homePath, type SectionKind, type Site, sectionPath } from '../site.ts';

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
  const newest = findNewest(published);
  const pages = (pathIn: (lang: string) => string, key: string): SitemapUrl[] => {
    const languages = site.languages.filter((lang) => key === 'home' || newest.has(`${lang}/${key}`));
    const urls = new Map(languages.map((lang) => [lang, absoluteUrl(site, pathIn(lang))]));
    return [...urls].map(([lang, url]) => ({
      url,
      lastmod: newest.get(`${lang}/${key}`) ?? null,
      translations: several(urls),
    }));
  };
  yield* pages((lang) => homePath(site, lang), 'home');
  for (const kind of ['countries', 'topics', 'authors'] as const) {
    for (const key of Object.keys(site[kind])) {
      yield* pages((lang) => sectionPath(site, lang, kind, key), sectionKey(kind, key));
    }
  }
  for (const article of published.articles) {
    if (article.link !== null) continue;
    const versions = [...(published.findStory(article)?.byLanguage.values() ?? [article])].filter(
      ({ link }) => link === null,
    );
    yield {
      url: articleUrl(site, article),
      lastmod: article.updated,
      translations: several(new Map(versions.map((version) => [version.lang, articleUrl(site, version)]))),
    };
  }
}

export const sitemapStart = `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
`;

export const sitemapEnd = '</urlset>\n';

export function renderSitemapUrl({ url, lastmod, translations }: SitemapUrl): string {
  const parts = [
    `<loc>${escapeHtml(url)}</loc>`,
    ...(lastmod === null ? [] : [`<lastmod>${lastmod}</lastmod>`]),
    ...[...translations].map(
      ([lang, other]) => `<xhtml:link rel="alternate" hreflang="${escapeHtml(lang)}" href="${escapeHtml(other)}"/>`,
    ),
  ];
  return `<url>${parts.join('')}</url>\n`;
}

/** @param urls Absolute URL of each part. */
export function renderSitemapIndex(urls: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.map((url) => `<sitemap><loc>${escapeHtml(url)}</loc></sitemap>\n`).join('')}</sitemapindex>
`;
}

/** An article's page on this site, percent-encoded as the protocol asks. */
export function articleUrl(site: Site, { lang, slug }: Article): string {
  const url = absoluteUrl(site, articlePath(site, lang, slug));
  return /^[!-~]+$/.test(url) ? url : new URL(url).href;
}

/** The newest change in each language's front page and sections: `en/home`, `fa/topics/security`. */
function findNewest(published: PublishedCatalog): Map<string, Instant> {
  const newest = new Map<string, Instant>();
  for (const { lang, updated, countries, topics, authors } of published.articles) {
    const keys = [
      'home',
      ...countries.map((key) => sectionKey('countries', key)),
      ...topics.map((key) => sectionKey('topics', key)),
      ...authors.flatMap(({ key }) => (key === null ? [] : [sectionKey('authors', key)])),
    ];
    for (const key of keys) {
      const known = newest.get(`${lang}/${key}`);
      if (known === undefined || known < updated) newest.set(`${lang}/${key}`, updated);
    }
  }
  return newest;
}

function sectionKey(kind: SectionKind, key: string): string {
  return `${kind}/${key}`;
}

function several(urls: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return urls.size > 1 ? urls : new Map();
}
