import { type Context, Hono } from 'hono';
import { AppError } from '../../errors.ts';
import { articlePath } from '../../site.ts';
import { redirectHere, sendPage, sendPrepared } from '../context-answers.ts';
import { prepareFile } from '../files.ts';
import type { OldAddresses } from '../old-addresses.ts';
import { articlePage } from '../pages/article-page.ts';
import { messagePage } from '../pages/message-page.ts';
import { sectionPage } from '../pages/section-page.ts';
import { commonHeaders, fileCsp } from '../security-headers.ts';
import { basePath } from '../view.ts';
import type { RouteContext } from './route-context.ts';

/** Articles with their files, and the lists of countries, topics and authors, in one language. */
export function articleRoutes(routes: RouteContext, lang: string, old: OldAddresses): Hono {
  const { app } = routes;
  const router = new Hono();
  const base = basePath(app.site);

  /**
   * Where no article stands now: 301 where an alias or an earlier slug leads on, 410 where one was taken back.
   *
   * @param file The part of the path after the slug: empty, or `/map.png`.
   */
  const gone = (context: Context, slug: string, file: string): Response | Promise<Response> => {
    const published = app.published();
    const { pathname, search } = new URL(context.req.url);
    if (old.find(published, pathname, search) !== null) return context.notFound();
    // Whoever had the slug last decides: a link to what was taken back doesn't lead to another article.
    const isWithdrawn = app.articles.isWithdrawn(lang, slug);
    const former = isWithdrawn ? null : app.articles.findFormer(lang, slug);
    const present = former === null ? null : published.findById(former.id);
    if (present !== null) {
      const path = articlePath(app.site, present.lang, present.slug) + file;
      return redirectHere(base + path + search);
    }
    // Of a former one that isn't published any more, or not again yet, nothing is said but that it was here.
    return isWithdrawn || former !== null
      ? sendPage(context, messagePage(routes.view(lang), 'gone'), { status: 410 })
      : context.notFound();
  };

  router.get('/articles/:slug', async (context) => {
    const slug = context.req.param('slug');
    const view = routes.view(lang);
    const article = view.published.findBySlug(lang, slug);
    if (article === null) return gone(context, slug, '');
    // A link in front matter is the publication's own word, not a request's.
    if (article.link !== null) return context.redirect(article.link, 302);
    const full = await app.articles.withBody(article);
    if (full === null) throw new AppError('unavailable', `The text of ${slug} is just being changed.`);
    return sendPage(context, articlePage(view, full));
  });

  router.get('/articles/:slug/:file', async (context) => {
    const { slug, file } = context.req.param();
    if (app.published().findBySlug(lang, slug) === null) return gone(context, slug, `/${encodeURIComponent(file)}`);
    const path = app.articles.findAttachment(lang, slug, file);
    const prepared = path === null ? null : await prepareFile(path);
    if (prepared === null) return context.notFound();
    return sendPrepared(context, prepared, { ...commonHeaders, 'content-security-policy': fileCsp });
  });

  for (const kind of ['countries', 'topics', 'authors'] as const) {
    router.get(`/${kind}/:key`, (context) => {
      const page = sectionPage(routes.view(lang), kind, context.req.param('key'));
      return page === null ? context.notFound() : sendPage(context, page);
    });
  }
  return router;
}
