import type { App } from '../app.ts';
import { articleStateAt } from '../content/index.ts';
import { sentenceOf } from '../errors.ts';
import { findPreferences, leaveByPreferences, leaveByToken, readUnsubscribeToken } from '../subscribers/index.ts';
import { createOutboxFolder } from './outbox-folder.ts';
import type { WebApp } from './web-app.ts';

/** The web's view of the whole program. */
export function webAppOf(app: App): WebApp {
  const { config, catalog, clock, subscribers, keys } = app;
  const desk = { store: subscribers, keys, clock };

  return {
    site: config.site,
    clock,
    log: app.log,
    hosts: config.web.hosts,
    trustedProxies: config.web.trustedProxies,
    dir: config.dir,
    templatesDir: config.paths.templates,
    published: () => catalog.published(),
    articles: {
      findAttachment: (lang, slug, name) => catalog.attachmentPath(lang, slug, name),
      isWithdrawn: (lang, slug) =>
        catalog
          .catalog()
          .articles.some(
            (article) =>
              article.lang === lang && article.slug === slug && articleStateAt(article, clock.now()) === 'withdrawn',
          ),
      // The catalog keeps one slug for each article.
      findFormer: () => null,
    },
    feeds: {
      find: (path) => app.feeds.find(path),
      encoded: (document, coding) => app.feeds.encodedOf(document, coding),
      maxAge: config.feeds.maxAge,
      hubs: config.feeds.hubs,
    },
    newsletters: config.newsletters,
    editions: app.editions,
    nextDue: (name) => {
      const newsletter = config.newsletters.find((known) => known.name === name);
      return newsletter ? app.nextDue(newsletter) : null;
    },
    readers: {
      readUnsubscribe: async (token) => readUnsubscribeToken(keys, token),
      async leave(token, scope, source) {
        await leaveByToken(desk, token, source, scope);
      },
      readPreferences: (token) => findPreferences(desk, token),
      leaveByPreferences: (token, newsletter) => leaveByPreferences(desk, token, newsletter),
    },
    outbox: app.transport.name === 'outbox' ? createOutboxFolder(config.paths.outbox) : null,
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
