import type { Finding, FindingCode, FindingSeverity } from '../../../digest/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { sentenceText } from '../html/sentence-text.ts';

const titles: Readonly<Record<FindingCode, string>> = {
  'template-fault': 'The template doesn’t work',
  'too-long': 'Too long for mail',
  'near-clip': 'Nearly too long for Gmail',
  'insecure-url': 'Links that aren’t safe',
  'no-postal-address': 'No postal address',
  'empty-subject': 'Empty subjects',
  'long-subject': 'Long subjects',
  placeholder: 'Placeholder words',
  'dead-link': 'Dead links',
  'unchecked-link': 'Links that could not be checked',
  'missing-picture': 'Missing pictures',
  'missing-alt': 'Missing alt texts',
  'article-problem': 'Problems in its articles',
  untranslated: 'Not translated',
  'nothing-for-language': 'Languages with nothing in it',
  'no-readers': 'No readers',
  'readers-far': 'An unusual number of readers',
};

/** More of one kind are counted, not listed: a page is to be read. */
const mostListed = 40;

/** Findings of one severity, by kind. */
export function findingsList(
  request: ConsoleRequest,
  editionId: string,
  severity: FindingSeverity,
  findings: readonly Finding[],
): Html | '' {
  const ours = findings.filter((finding) => finding.severity === severity);
  if (ours.length === 0) return nothing;
  const isBlocking = severity === 'blocking';
  const count = ours.length === 1 ? '1 finding' : `${ours.length} findings`;
  return html`<section class="card" aria-labelledby="${severity}"><header><h2 id="${severity}">${isBlocking ? 'To mend first' : 'Worth a look'}</h2><p class="${isBlocking ? 'bad' : 'waiting'}">${count}</p></header>
${[...Map.groupBy(ours, ({ code }) => code)].map(
  ([code, same]) => html`<h3>${titles[code]}${same.length > 1 ? ` (${same.length})` : nothing}</h3>
<ul class="findings">${same.slice(0, mostListed).map((finding) => findingItem(request, editionId, finding))}</ul>${
    same.length > mostListed ? html`<p class="aside">And ${same.length - mostListed} more.</p>` : nothing
  }`,
)}</section>`;
}

function findingItem(request: ConsoleRequest, editionId: string, { where, sentence, whatToDo }: Finding): Html {
  return html`<li><p>${sentenceText(sentence)}</p><p class="aside">${whatToDo} ${placeOf(request, editionId, where)}</p></li>`;
}

/** Where it can be mended: the file with its line, and a page that shows it. */
function placeOf(
  { consolePath }: ConsoleRequest,
  editionId: string,
  { lang, article, file, line }: Finding['where'],
): Html {
  const place = file === null ? nothing : html`<code>${file}${line === null ? nothing : `:${line}`}</code>`;
  if (article !== null) {
    return html`${place} · <a href="${article.url}" lang="${article.lang}" dir="${directionOf(article.lang)}">${article.title}</a>`;
  }
  if (file !== null) return html`${place}`;
  const name = lang === null ? null : languages.of(lang);
  return html`<a href="${consolePath(`/editions/${encodeURIComponent(editionId)}`)}">Content${name === null ? nothing : ` in ${name}`}</a>`;
}

const languages = new Intl.DisplayNames('en', { type: 'language' });
