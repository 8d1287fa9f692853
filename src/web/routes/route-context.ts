import { seriesOf } from '../../schedule/index.ts';
import { type AskLimit, createAskLimit } from '../ask-limit.ts';
import type { Assets } from '../assets.ts';
import type { RequestPlace } from '../console/console-router.ts';
import { createView, type View } from '../view.ts';
import type { WebApp } from '../web-app.ts';

export interface RequestEnv {
  readonly Bindings: RequestPlace;
}

/** What the routes share. */
export interface RouteContext {
  readonly app: WebApp;
  readonly assets: Assets;
  /** Whether a stranger may have one more letter sent. */
  readonly mayAsk: AskLimit;
  /** A fresh view of the publication in one language. */
  view(lang: string): View;
}

export function createRouteContext(app: WebApp, assets: Assets): RouteContext {
  const offered = new Map(
    app.newsletters.map((newsletter) => [newsletter.name, seriesOf(newsletter).map(({ rhythm }) => rhythm)]),
  );
  return {
    app,
    assets,
    mayAsk: createAskLimit(() => performance.now()),
    view: (lang) =>
      createView({
        site: app.site,
        lang,
        clock: app.clock,
        published: app.published(),
        sizes: app.sizes,
        stylePath: assets.stylePath,
        newsletters: app.newsletters,
        rhythmsOf: (newsletter) => offered.get(newsletter) ?? ['each'],
      }),
  };
}
