import type { App } from '../app.ts';
import { realPathInside } from '../content/index.ts';
import { sentenceOf } from '../errors.ts';
import { originalName } from '../feeds/index.ts';
import { articlePath } from '../site.ts';
import { createSignUpDesk, readerChoices } from '../subscribers/index.ts';
import { consoleAppOf } from './console/console-app-of.ts';
import { createFeedSelections } from './feed-selections.ts';
import type { WebApp } from './web-app.ts';
import { createWebReaders } from './web-readers.ts';
import { createWebRequests } from './web-requests.ts';

/** The web's view of the whole program. */
export function webAppOf(app: App): WebApp {
  const { config, catalog, clock, subscribers, keys, bounceRoom } = app;

  return {
    site: config.site,
    clock,
    log: app.log,
    hosts: config.web.hosts,
    trustedProxies: config.web.trustedProxies,
    dir: config.dir,
    templatesDir: config.paths.templates,
    published: () => catalog.published(),
    sizes: app.sizes,
    articles: {
      findAttachment: (lang, slug, name) => findFile(app, lang, slug, name),
      withBody: async (article) => (await catalog.withBodies([article]))[0] ?? null,
      isWithdrawn: (lang, slug) => catalog.published().findWithdrawn(lang, slug) !== null,
      findFormer: (lang, slug) => catalog.published().findFormer(lang, slug),
    },
    feeds: {
      find: (path) => app.feeds.find(path),
      isWaiting: (path) => app.feeds.isWaiting(path),
      bytesOf: (document, coding) => app.feeds.bytesOf(document, coding),
      polls: app.polls,
      select: createFeedSelections({
        site: config.site,
        options: config.feeds,
        clock,
        published: () => catalog.published(),
        async printOnDemand(feed, format) {
          await catalog.saved();
          return app.feeds.printOnDemand(feed, format);
        },
      }),
    },
    newsletters: config.newsletters,
    editions: app.editions,
    nextDue: (name) => {
      const newsletter = config.newsletters.find((known) => known.name === name);
      return newsletter ? app.nextDue(newsletter) : null;
    },
    readers: createWebReaders({
      store: subscribers,
      preferences: app.preferences,
      keys,
      clock,
      choices: readerChoices(config.site, config.newsletters),
      timezone: config.site.timezone,
    }),
    requests: createWebRequests(app.requests, app.log),
    signUps: createSignUpDesk({
      store: app.letterRoom.signUps,
      keys,
      clock,
      choices: readerChoices(config.site, config.newsletters),
      keepsIp: config.signUp.keepsIp,
      onTaken: () => app.letterRoom.wake(),
    }),
    hooks: {
      async receive(provider, headers, body) {
        const hook = bounceRoom.hooks.get(provider);
        if (hook === undefined) return null;
        const answer = await hook(headers, body);
        // Answered first: what follows from it may take its time.
        void bounceRoom.desk
          .handleOpen()
          .catch((error: unknown) => app.log.error('problem', { message: sentenceOf(error) }));
        return answer;
      },
    },
    console: consoleAppOf(app),
    async ready() {
      try {
        await subscribers.countSubscribers();
        return { ok: true, checks: { database: 'ok' } };
      } catch (error) {
        return { ok: false, checks: { database: sentenceOf(error) } };
      }
    },
  };
}

/**
 * An article's file, or one of its smaller sizes; the original where there is none (any more), so that addresses in old
 * mails stay good.
 */
function findFile({ config, catalog, sizes, publicDir }: App, lang: string, slug: string, name: string): string | null {
  const article = catalog.published().findBySlug(lang, slug);
  if (article === null) return null;
  const folder = articlePath(config.site, lang, slug);
  const has = (wanted: string): boolean => article.attachments.some((attachment) => attachment.name === wanted);
  // While content/ is away (an empty mount), what is out stays out: by its copy.
  const find = (wanted: string): string | null =>
    has(wanted)
      ? (catalog.attachmentPath(lang, slug, wanted) ?? realPathInside(publicDir, `${folder}/${wanted}`))
      : null;
  const original = originalName(name);
  const own = find(name);
  if (own !== null || original === null) return own;
  const whole = find(original);
  return whole && (sizes.findFile(`${folder}/${name}`) ?? whole);
}
