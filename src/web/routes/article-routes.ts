import { Hono } from 'hono';
import { AppError } from '../../errors.ts';
import { sendPage, sendPrepared } from '../context-answers.ts';
import { prepareFile } from '../files.ts';
import { articlePage } from '../pages/article-page.ts';
import { messagePage } from '../pages/message-page.ts';
import { sectionPage } from '../pages/section-page.ts';
import { commonHeaders, fileCsp } from '../security-headers.ts';
import type { RouteContext } from './route-context.ts';

/** Articles with their files, and the lists of countries, topics and authors, in one language. */
export function articleRoutes(routes: RouteContext, lang: string): Hono {
  const { app } = routes;
  const router = new Hono();

  router.get('/articles/:slug', async (context) => {
    const slug = context.req.param('slug');
    const view = routes.view(lang);
    const article = view.published.findBySlug(lang, slug);
    if (article === null) {
      return app.articles.isWithdrawn(lang, slug)
        ? sendPage(context, messagePage(view, 'gone'), { status: 410 })
        : context.notFound();
    }
    // A link in front matter is the publication's own word, not a request's.
    if (article.link !== null) return context.redirect(article.link, 302);
    const full = await app.articles.withBody(article);
    if (full === null) throw new AppError('unavailable', `The text of ${slug} is just being changed.`);
    return sendPage(context, articlePage(view, full));
  });

  router.get('/articles/:slug/:file', async (context) => {
    const { slug, file } = context.req.param();
    if (app.published().findBySlug(lang, slug) === null) return context.notFound();
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
