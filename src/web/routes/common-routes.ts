import { join } from 'node:path';
import { Hono } from 'hono';
import { realPathInside } from '../../content/index.ts';
import { sendPrepared } from '../context-answers.ts';
import { prepareFile } from '../files.ts';
import { commonHeaders, fileCsp } from '../security-headers.ts';
import type { RouteContext } from './route-context.ts';

const fileHeaders = { ...commonHeaders, 'content-security-policy': fileCsp };

/** What belongs to no language: style and fonts, the publication's marks, the mails' pictures. */
export function commonRoutes(routes: RouteContext): Hono {
  const { app, assets } = routes;
  const router = new Hono();

  router.get('/assets/:name', (context) => {
    const prepared = assets.find(`/assets/${context.req.param('name')}`);
    return prepared === null ? context.notFound() : sendPrepared(context, prepared, commonHeaders);
  });

  const marks = new Map<string, string>();
  for (const name of [app.site.image, app.site.icon]) if (name !== null) marks.set(`/${name}`, name);
  if (app.site.icon !== null) marks.set('/favicon.ico', app.site.icon);
  for (const [path, name] of marks) {
    router.get(path, async (context) => {
      const file = realPathInside(app.dir, name);
      const prepared = file === null ? null : await prepareFile(file);
      return prepared === null ? context.notFound() : sendPrepared(context, prepared, fileHeaders);
    });
  }

  // A name of letters, digits and hyphens can't leave its folder.
  router.get('/mail/:name{[a-z0-9-]+\\.(?:png|jpg|gif)}', async (context) => {
    const prepared = await prepareFile(join(app.templatesDir, 'img', context.req.param('name')));
    return prepared === null ? context.notFound() : sendPrepared(context, prepared, fileHeaders);
  });

  return router;
}
