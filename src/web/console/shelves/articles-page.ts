import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { field, selectField } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { languageText } from '../readers/reader-words.ts';
import { type ArticleFilter, type ArticleShelf, articleStates, type ShelvedArticle } from './article-shelf.ts';
import { articleLink, articlePagePath, instantText, sectionText, stateText, stateTitles } from './article-words.ts';
import { pressProblemList } from './press-problem-list.ts';
import { problemList } from './problem-list.ts';

const longestSearch = 200;
const shownProblems = 5;

/** `/articles`: what is wrong, then every article in whatever state. */
export async function articlesPage(app: ConsoleApp, shelf: ArticleShelf, request: ConsoleRequest): Promise<Response> {
  const { site } = app;
  const filter = readFilter(request);
  const { articles, found, next } = await shelf.list(filter);
  const counts = shelf.countStates();
  return consolePage(request, {
    title: 'Articles',
    section: 'articles',
    aside: html`${articleStates.map((state, index) => html`${index === 0 ? nothing : ', '}${counts[state].toLocaleString('en')} ${stateTitles[state].toLowerCase()}`)}`,
    main: html`${problems(shelf, request, filter)}${filter.after !== '' || isFiltered(filter) ? nothing : pictureProblems(app)}
<section class="card" aria-labelledby="shelf"><header><h2 id="shelf">${isFiltered(filter) ? `${found.toLocaleString('en')} found` : 'All articles'}</h2></header>
${filterForm(request, site.languages, filter)}
${
  articles.length === 0
    ? html`<p role="status">No such article.</p>`
    : table(
        'Articles',
        [
          { title: 'Article' },
          { title: 'State' },
          { title: 'Date' },
          { title: 'Languages' },
          { title: 'Countries' },
          { title: 'Problems', isNumber: true },
        ],
        articles.map((one) => row(request, one)),
      )
}
${pager(request, '/articles', next)}</section>`,
  });
}

/** `/articles/problems`: all that the last rebuild found wrong. */
export function problemsPage(shelf: ArticleShelf, request: ConsoleRequest): Promise<Response> {
  const all = shelf.listProblems();
  const from = Number(/^\d{1,6}$/.exec(request.query.get('after') ?? '')?.[0] ?? 0);
  const end = from + 50;
  return consolePage(request, {
    title: 'Problems in articles',
    section: 'articles',
    aside: html`${all.length.toLocaleString('en')} in all`,
    main: html`<p class="back"><a href="${request.consolePath('/articles')}">Articles</a></p>
<section class="card" aria-label="Problems">${all.length === 0 ? html`<p>Nothing is wrong.</p>` : problemList(all.slice(from, end))}
${pager(request, '/articles/problems', end < all.length ? String(end) : null)}</section>`,
  });
}

function readFilter({ query }: ConsoleRequest): ArticleFilter {
  return {
    state: articleStates.find((state) => state === query.get('state')) ?? null,
    lang: query.get('lang') || null,
    hasProblem: query.get('problems') === '1',
    words: (query.get('q') ?? '').trim().slice(0, longestSearch),
    after: query.get('after') ?? '',
  };
}

function isFiltered({ state, lang, hasProblem, words }: ArticleFilter): boolean {
  return state !== null || lang !== null || hasProblem || words !== '';
}

/** Where somebody looks for articles, they are in the way. */
function problems(shelf: ArticleShelf, { consolePath }: ConsoleRequest, filter: ArticleFilter): Html | '' {
  const all = shelf.listProblems();
  if (all.length === 0 || filter.after !== '' || (isFiltered(filter) && !filter.hasProblem)) return nothing;
  const more = all.length - shownProblems;
  return html`<section class="card" aria-labelledby="problems"><header><h2 id="problems">What is wrong</h2><p>as of the last rebuild; <code>silkpost check</code> looks for more</p></header>
${problemList(all.slice(0, shownProblems))}${
  more > 0
    ? html`<p><a class="button" href="${consolePath('/articles/problems')}">${more.toLocaleString('en')} more</a></p>`
    : nothing
}</section>`;
}

function pictureProblems(app: ConsoleApp): Html | '' {
  const wrong = app.shelves.listPressProblems().filter(({ kind }) => kind === 'picture');
  if (wrong.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="pictures"><header><h2 id="pictures">Pictures</h2><p>as they were last laid out</p></header>${pressProblemList(app, wrong)}</section>`;
}

function filterForm(
  { consolePath }: ConsoleRequest,
  languages: readonly string[],
  { state, lang, hasProblem, words }: ArticleFilter,
): Html {
  const all = { value: '', label: 'All' };
  return html`<form class="row shelf-search" role="search" action="${consolePath('/articles')}">
${field({ name: 'q', label: 'Words of the title, or slug', value: words, type: 'search' })}
${selectField({
  name: 'state',
  label: 'State',
  value: state ?? '',
  options: [all, ...articleStates.map((one) => ({ value: one, label: stateTitles[one] }))],
})}
${selectField({
  name: 'lang',
  label: 'Language',
  value: lang ?? '',
  options: [all, ...languages.map((one) => ({ value: one, label: languageText(one) }))],
})}
<label class="tick"><input type="checkbox" name="problems" value="1"${hasProblem ? html` checked` : nothing}> With problems</label>
<button class="button">Show</button></form>`;
}

function row(
  request: ConsoleRequest,
  { article, state, translations, problems: wrong }: ShelvedArticle,
): (Html | string)[] {
  return [
    articleLink(request, article),
    stateText(state),
    instantText(request, article.date),
    html`<b>${article.lang}</b>${translations.map(
      ({ article: other }) =>
        html` <a href="${request.consolePath(articlePagePath(other.lang, other.slug))}" hreflang="${other.lang}">${other.lang}</a>`,
    )}`,
    html`${article.countries.map((key, index) => html`${index === 0 ? nothing : ', '}${sectionText(request.site, 'countries', key)}`)}`,
    wrong.length === 0 ? '' : html`<span class="bad">${wrong.length}</span>`,
  ];
}
