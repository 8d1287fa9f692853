import { Hono } from 'hono';
import { absoluteUrl, languagePrefix } from '../../site.ts';
import { sendPrepared } from '../context-answers.ts';
import { createNewsSitemap } from '../news-sitemap.ts';
import { listOpml, opmlContentType } from '../opml.ts';
import { prepareText } from '../prepared-text.ts';
import { commonHeaders } from '../security-headers.ts';
import { createSitemapPress } from '../sitemap-press.ts';
import { basePath } from '../view.ts';
import type { RouteContext } from './route-context.ts';

const dayOld = 'public, max-age=86400';
const hourOld = 'public, max-age=3600';

/** What programs read to find the rest: OPML for feed readers, sitemaps and robots.txt for search engines. */
export function indexRoutes(routes: RouteContext): Hono {
  const { app } = routes;
  const { site } = app;
  const router = new Hono();

  for (const [path, text] of listOpml(site.languages.map((lang) => routes.view(lang)))) {
    const prepared = prepareText(text, opmlContentType, hourOld);
    router.get(path, (context) => sendPrepared(context, prepared, commonHeaders));
  }

  const sitemaps = createSitemapPress(site);
  router.get('/:name{sitemap(?:-[1-9][0-9]{0,5})?\\.xml}', async (context) => {
    const prepared = await sitemaps.find(app.published(), `/${context.req.param('name')}`);
    return prepared === null ? context.notFound() : sendPrepared(context, prepared, commonHeaders);
  });

  const newsSitemap = createNewsSitemap(site);
  router.get('/news-sitemap.xml', (context) =>
    sendPrepared(context, newsSitemap(app.published(), app.clock.now()), commonHeaders),
  );

  const robots = prepareText(robotsText(site), 'text/plain; charset=utf-8', dayOld);
  router.get('/robots.txt', (context) => sendPrepared(context, robots, commonHeaders));

  return router;
}

/** Readers' own links stay out of search engines; the sitemaps say what belongs there. */
function robotsText(site: RouteContext['app']['site']): string {
  const base = basePath(site);
  const closed = site.languages.flatMap((lang) =>
    ['confirm', 'unsubscribe', 'preferences', 'address', 'new-address', 'data', 'erase'].map(
      (area) => `Disallow: ${base}${languagePrefix(site, lang)}/${area}/`,
    ),
  );
  const sitemaps = ['/sitemap.xml', '/news-sitemap.xml'].map((path) => `Sitemap: ${absoluteUrl(site, path)}`);
  return `${['User-agent: *', ...closed, `Disallow: ${base}/console`, '', ...sitemaps].join('\n')}\n`;
}
