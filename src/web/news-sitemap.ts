import { type Instant, plusMs } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import { escapeHtml } from '../feeds/index.ts';
import { absoluteUrl, homePath, localized, type Site } from '../site.ts';
import type { Prepared } from './prepared-answer.ts';
import { prepareText } from './prepared-text.ts';
import { articleUrl, sitemapCacheControl, sitemapContentType, urlText } from './sitemap.ts';

const windowMs = 48 * 3_600_000;

/** Google reads no more of one document. */
const mostArticles = 1000;

/** What Google News takes: articles of the last two days that live on this site, newest first. */
function listNews(published: PublishedCatalog, now: Instant): Article[] {
  const since = plusMs(now, -windowMs);
  const news: Article[] = [];
  for (const article of published.articles) {
    if (article.date < since || news.length === mostArticles) break;
    if (article.link === null) news.push(article);
  }
  return news;
}

/** Makes `/news-sitemap.xml` anew only when the catalog changed or an article's two days are over. */
export function createNewsSitemap(site: Site): (published: PublishedCatalog, now: Instant) => Prepared {
  let known: { readonly published: PublishedCatalog; readonly count: number; readonly document: Prepared } | null =
    null;
  return (published, now) => {
    const news = listNews(published, now);
    // Of one catalog, as many articles are the same articles.
    if (known?.published !== published || known.count !== news.length) {
      const document = prepareText(renderNewsSitemap(news, published, site), sitemapContentType, sitemapCacheControl);
      known = { published, count: news.length, document };
    }
    return known.document;
  };
}

/**
 * Each article under the publication's name in the article's own language. The format asks for one URL at least: where
 * nothing is new it is the newest article's, without what Google News takes for news.
 */
function renderNewsSitemap(news: readonly Article[], published: PublishedCatalog, site: Site): string {
  const urls = news.length > 0 ? news.map((article) => renderArticle(article, site)) : [renderNewest(published, site)];
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
${urls.join('')}</urlset>
`;
}

function renderNewest(published: PublishedCatalog, site: Site): string {
  const newest = published.articles.find(({ link }) => link === null);
  const url =
    newest === undefined ? absoluteUrl(site, homePath(site, site.languages[0] ?? '')) : articleUrl(site, newest);
  return `<url><loc>${urlText(url)}</loc></url>\n`;
}

function renderArticle(article: Article, site: Site): string {
  const name = escapeHtml(localized(site.title, article.lang, site));
  return `<url><loc>${urlText(articleUrl(site, article))}</loc><news:news><news:publication><news:name>${name}</news:name><news:language>${newsLanguage(article.lang)}</news:language></news:publication><news:publication_date>${article.date}</news:publication_date><news:title>${escapeHtml(article.title)}</news:title></news:news></url>\n`;
}

/** ISO 639 without a region; Google knows Chinese by two names of its own. */
function newsLanguage(lang: string): string {
  const [base = lang, ...subtags] = lang.toLowerCase().split('-');
  if (base !== 'zh') return base;
  return subtags.some((subtag) => ['hant', 'tw', 'hk', 'mo'].includes(subtag)) ? 'zh-tw' : 'zh-cn';
}
