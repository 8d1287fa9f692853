import type { Article, ArticleState } from '../../../content/index.ts';
import { feedFileNames, isArchivePath } from '../../../feeds/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { articlePath } from '../../../site.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { editionTitle } from '../html/edition-title.ts';
import { messagePage } from '../html/message-page.ts';
import { languageText } from '../readers/reader-words.ts';
import { articleFields } from './article-fields.ts';
import type { ArticleShelf, ShelvedArticle } from './article-shelf.ts';
import { articleLink, instantText, isWebAddress, stateText } from './article-words.ts';
import { documentPaths, feedKinds, feedPagePath, listNamedFeeds } from './feed-list.ts';
import { pressProblemList } from './press-problem-list.ts';
import { problemList } from './problem-list.ts';

/** `/articles/LANG/SLUG`: an article as it was understood, and where it went. */
export async function articlePage(app: ConsoleApp, shelf: ArticleShelf, request: ConsoleRequest): Promise<Response> {
  const { lang = '', slug = '' } = request.params;
  const found = shelf.find(lang, slug);
  if (found === null) return messagePage(request, 'not_found');
  const { article, state, problems } = found;
  const folder = `${articlePath(app.site, article.lang, article.slug)}/`;
  const ofPress = app.shelves
    .listPressProblems()
    .filter((problem) => problem.article === article.id || problem.paths.some((path) => path.startsWith(folder)));
  return consolePage(request, {
    title: article.title,
    titleLang: article.lang,
    section: 'articles',
    aside: html`${languageText(lang)}`,
    main: html`<p class="back"><a href="${request.consolePath('/articles')}">Articles</a></p>
<p class="lead">${stateSentence(request, article, state)}</p>
${ways(request, article, state)}
${problems.length === 0 ? nothing : card('problems', 'What is wrong', problemList(problems))}
${ofPress.length === 0 ? nothing : card('press', 'Its feeds and pictures', html`${pressProblemList(app, ofPress)}`)}
${card('fields', 'As it was understood', articleFields(request, article))}
${card('languages', 'Other languages', translations(request, found))}
${card('feeds', 'Feeds', feeds(app, request, article, state))}
${card('editions', 'Editions', await editions(app, request, found))}`,
  });
}

function card(id: string, title: string, content: Html): Html {
  return html`<section class="card" aria-labelledby="${id}"><header><h2 id="${id}">${title}</h2></header>${content}</section>`;
}

function stateSentence(request: ConsoleRequest, article: Article, state: ArticleState): Html {
  const { date, publishedAt, withdrawnAt } = article;
  switch (state) {
    case 'draft':
      return html`${stateText(state)}: nobody sees it until its status is <code>published</code>.`;
    case 'scheduled':
      return html`${stateText(state)}: readers get it on ${instantText(request, date)}.`;
    case 'published':
      return html`${stateText(state)}${publishedAt === null ? nothing : html`: first seen published on ${instantText(request, publishedAt)}`}.`;
    case 'withdrawn':
      return html`${stateText(state)}${withdrawnAt === null ? nothing : html` on ${instantText(request, withdrawnAt)}`}: its page answers 410, and feeds have let it go.`;
    default:
      return state satisfies never;
  }
}

function ways({ may, consolePath }: ConsoleRequest, { url, slug }: Article, state: ArticleState): Html | '' {
  if (state !== 'published') return nothing;
  return html`<div class="acts article-ways">${isWebAddress(url) ? html`<a class="button" href="${url}">Page</a>` : nothing}${
    may('editions:send')
      ? html`<a class="button" href="${consolePath(`/send?article=${encodeURIComponent(slug)}`)}">Send as an alert</a>`
      : nothing
  }</div>`;
}

function translations(request: ConsoleRequest, { translations: others }: ShelvedArticle): Html {
  if (others.length === 0) return html`<p>In this language only.</p>`;
  return html`<ul class="plain-list">${others.map(
    ({ article, state }) =>
      html`<li>${languageText(article.lang)}: ${articleLink(request, article)}, ${stateText(state)}</li>`,
  )}</ul>`;
}

/** By what the documents hold, not by what they should. */
function feeds({ site, shelves }: ConsoleApp, request: ConsoleRequest, article: Article, state: ArticleState): Html {
  if (state !== 'published') return html`<p>In none: only what is published is.</p>`;
  const paths = new Set(shelves.press.listHolding(article));
  const named = listNamedFeeds(site, shelves.newsletters, article.lang).filter((feed) =>
    paths.has(documentPaths(feed).rss),
  );
  const archives = [...paths].filter((path) => path.endsWith(`/${feedFileNames.rss}`) && isArchivePath(path));
  if (named.length + archives.length === 0) {
    return html`<p>In none now: each holds the newest only. It may wait in no full part of the archive yet.</p>`;
  }
  return html`<ul class="plain-list">${named.map(
    (feed) =>
      html`<li>${feedKinds[feed.kind]}${feed.kind === 'home' ? nothing : ': '}<a href="${request.consolePath(feedPagePath(feed))}" lang="${feed.lang}" dir="${directionOf(feed.lang)}">${feed.name}</a></li>`,
  )}${archives.map((path) => html`<li>Archive: <bdi>${path.slice(0, path.lastIndexOf('/') + 1)}</bdi></li>`)}</ul>`;
}

async function editions(
  { site, shelves }: ConsoleApp,
  request: ConsoleRequest,
  { article, translations: others }: ShelvedArticle,
): Promise<Html> {
  const ids = [article, ...others.map((other) => other.article)].map(({ id }) => id);
  const held = await shelves.editions.listEditionsHolding(ids);
  if (held.length === 0) return html`<p>In none yet.</p>`;
  return html`<p class="help">Those that held its story, in whatever language.</p><ul class="plain-list">${held.map(
    (edition) =>
      html`<li><a href="${request.consolePath(`/editions/${encodeURIComponent(edition.id)}`)}">${editionTitle(site, shelves.newsletters, edition)}</a>, ${edition.state}</li>`,
  )}</ul>`;
}
