import { directionOf } from '../../../i18n/index.ts';
import { defaultLanguage } from '../../../site.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { messagePage } from '../html/message-page.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { languageText } from '../readers/reader-words.ts';
import { documentPaths, feedKinds, feedPagePath, listNamedFeeds, type NamedFeed } from './feed-list.ts';
import { type FeedReadership, readReadership } from './feed-readership.ts';
import { pollBars } from './poll-bars.ts';
import { pressProblemList } from './press-problem-list.ts';

const pageSize = 40;
const shownDays = 14;

/** `/feeds` and `/feeds/LANG`: every feed of one language with who reads it; first of the default language. */
export async function feedsPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { site, shelves } = app;
  const lang = request.params['lang'] ?? defaultLanguage(site);
  if (!site.languages.includes(lang)) return messagePage(request, 'not_found');
  const all = listNamedFeeds(site, shelves.newsletters, lang);
  const after = request.query.get('after') ?? '';
  const rest = all.slice(all.findIndex(({ folder }) => folder === after) + 1);
  const feeds = rest.slice(0, pageSize);
  const last = rest.length > pageSize ? feeds.at(-1) : undefined;
  const readership = await readReadership(shelves.polls, feeds, {
    timezone: site.timezone,
    days: shownDays,
    now: request.now,
  });
  const groups = [...Map.groupBy(feeds, ({ kind }) => kind)];
  return consolePage(request, {
    title: 'Feeds',
    section: 'feeds',
    aside: html`${languageText(lang)}: ${all.length} feeds`,
    main: html`${languageTabs(request, site.languages, lang)}
<p class="lead">Subscribers are those whom aggregators report in their user agents, the newest of each within a week: who reads several feeds is counted in each. Polls are all askings of the last ${shownDays} days, of readers who ask for themselves too, counted up to a minute ago.</p>
${feedProblems(app)}
${groups.map(
  ([kind, some]) =>
    html`<section class="card feeds" aria-labelledby="feeds-${kind}"><header><h2 id="feeds-${kind}">${feedKinds[kind]}</h2></header>${feedTable(app, request, feedKinds[kind], some, readership)}</section>`,
)}
${pager(request, request.params['lang'] === undefined ? '/feeds' : `/feeds/${lang}`, last?.folder ?? null)}`,
  });
}

function feedProblems(app: ConsoleApp): Html | '' {
  const wrong = app.shelves.listPressProblems().filter(({ kind }) => kind === 'feed');
  if (wrong.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="problems"><header><h2 id="problems">What is wrong</h2><p>as they were last made</p></header>${pressProblemList(app, wrong)}</section>`;
}

function languageTabs({ consolePath }: ConsoleRequest, languages: readonly string[], current: string): Html | '' {
  if (languages.length < 2) return nothing;
  return html`<nav class="shapes" aria-label="Languages"><ul>${languages.map(
    (lang) =>
      html`<li><a class="button" href="${consolePath(`/feeds/${lang}`)}"${lang === current ? html` aria-current="page"` : nothing}>${languageText(lang)}</a></li>`,
  )}</ul></nav>`;
}

function feedTable(
  { shelves }: ConsoleApp,
  request: ConsoleRequest,
  caption: string,
  feeds: readonly NamedFeed[],
  readership: ReadonlyMap<string, FeedReadership>,
): Html {
  const columns = [
    { title: 'Feed' },
    { title: 'Subscribers', isNumber: true },
    { title: 'Polls a day', isNumber: true },
    { title: 'Told “nothing new”', isNumber: true },
    { title: `${shownDays} days` },
    { title: 'Entries', isNumber: true },
    { title: 'Last change' },
  ];
  const rows = feeds.flatMap((feed) => {
    const read = readership.get(feed.folder);
    const { rss } = documentPaths(feed);
    const changed = shelves.press.find(rss)?.lastModified;
    if (read === undefined) return [];
    return [
      [
        html`<a href="${request.consolePath(feedPagePath(feed))}" lang="${feed.lang}" dir="${directionOf(feed.lang)}">${feed.name}</a>`,
        number(read.subscribers),
        number(read.pollsPerDay),
        shareText(read.shareUnchanged),
        pollBars(read.days, 'low'),
        number(shelves.press.countEntries(rss)),
        changed === undefined ? 'not made yet' : timeText(request.operator, changed),
      ],
    ];
  });
  return table(caption, columns, rows);
}

export function number(value: number): string {
  return value > 0 && value < 1 ? 'under 1' : Math.round(value).toLocaleString('en');
}

export function shareText(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}
