import { directionOf } from '../../../i18n/index.ts';
import { absoluteUrl } from '../../../site.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { shortDay } from '../html/chart.ts';
import { consolePage } from '../html/console-page.ts';
import { messagePage } from '../html/message-page.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { languageText } from '../readers/reader-words.ts';
import { documentPaths, feedKinds, listNamedFeeds, type NamedFeed } from './feed-list.ts';
import { type FeedReadership, readReadership } from './feed-readership.ts';
import { number, shareText } from './feeds-page.ts';
import { pollBars, pollKey } from './poll-bars.ts';

const shownDays = 30;
const formatNames = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' } as const;

/** `/feeds/LANG/home` and `/feeds/LANG/KIND/KEY`: one feed's documents, who reports subscribers, how often it is polled. */
export async function feedPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { site, shelves } = app;
  const { lang = '', kind = 'home', key = '' } = request.params;
  const feed = site.languages.includes(lang)
    ? listNamedFeeds(site, shelves.newsletters, lang).find((one) => one.kind === kind && one.key === key)
    : undefined;
  if (feed === undefined) return messagePage(request, 'not_found');
  const wishes = { timezone: site.timezone, days: shownDays, now: request.now };
  const read = (await readReadership(shelves.polls, [feed], wishes)).get(feed.folder);
  if (read === undefined) return messagePage(request, 'not_found');
  return consolePage(request, {
    title: feed.kind === 'home' ? `Feed: ${feedKinds.home}` : `Feed: ${feed.key}`,
    section: 'feeds',
    aside: html`<bdi lang="${lang}" dir="${directionOf(lang)}">${feed.name}</bdi>, ${languageText(lang)}`,
    main: html`<p class="back"><a href="${request.consolePath(`/feeds/${lang}`)}">Feeds, ${languageText(lang)}</a></p>
<section class="card" aria-labelledby="documents"><header><h2 id="documents">Documents</h2></header>${documents(app, request, feed)}</section>
<section class="card" aria-labelledby="polled"><header><h2 id="polled">Polls</h2><p>${number(read.pollsPerDay)} a day; ${shareText(read.shareUnchanged)} told “nothing new” (304)</p></header>
${pollBars(read.days, 'tall')}<p class="chart-days" aria-hidden="true"><span>${shortDay(read.days[0]?.day ?? '')}</span><span>${shortDay(read.days.at(-1)?.day ?? '')}</span></p>
<ul class="legend"><li>${pollKey('same')} told “nothing new”, which costs next to nothing</li><li>${pollKey('whole')} given the whole document</li></ul>
<p class="help">Each bar is a day in the publication’s zone. Requests that a CDN or another server answers from its own copy are not seen here.</p></section>
<section class="card" aria-labelledby="reported"><header><h2 id="reported">Subscribers</h2><p>${number(read.subscribers)} reported</p></header>${reports(request, read)}</section>`,
  });
}

function documents({ site, shelves }: ConsoleApp, request: ConsoleRequest, feed: NamedFeed): Html {
  const paths = documentPaths(feed);
  const rows = (['rss', 'atom', 'json'] as const).map((format) => {
    const path = paths[format];
    const document = shelves.press.find(path);
    const url = absoluteUrl(site, path);
    return [
      formatNames[format],
      html`<a href="${url}"><bdi>${url}</bdi></a>`,
      document === null ? 'not made yet' : timeText(request.operator, document.lastModified, site.timezone),
      number(shelves.press.countEntries(path)),
      document === null ? '–' : `${Math.ceil(document.size / 1000).toLocaleString('en')} KB`,
    ];
  });
  const columns = [{ title: 'Format' }, { title: 'Address' }, { title: 'Last change' }];
  return table(
    'Documents',
    [...columns, { title: 'Entries', isNumber: true }, { title: 'Size', isNumber: true }],
    rows,
  );
}

function reports({ operator }: ConsoleRequest, { reports: seen }: FeedReadership): Html {
  if (seen.length === 0) {
    return html`<p>No aggregator has reported subscribers within a week. Readers who ask for themselves report none.</p>`;
  }
  return html`${table(
    'Subscribers by aggregator',
    [
      { title: 'Aggregator' },
      { title: 'Subscribers', isNumber: true },
      { title: 'Its name for the feed' },
      { title: 'Document' },
      { title: 'Seen' },
    ],
    seen.map(({ name, subscribers, feedId, path, seenAt }) => [
      html`<bdi>${name}</bdi>`,
      number(subscribers),
      html`<bdi>${feedId === '' ? '–' : feedId}</bdi>`,
      html`<bdi>${path}</bdi>`,
      timeText(operator, seenAt),
    ]),
  )}<p class="help">Taken from their user agents, which anybody can write: a name that you don’t know may be made up.</p>`;
}
