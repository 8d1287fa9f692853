import { type Edition, type Newsletter, pendingEditionStates } from '../../../digest/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { localized } from '../../../site.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { editionTitle } from '../html/edition-title.ts';
import { errorSummary, type FieldErrors, field, selectField } from '../html/form.ts';
import { stateSentence } from '../html/state-sentence.ts';
import { dayText } from './day-text.ts';
import { kindOf } from './send-wishes.ts';

/** So many articles can be ticked; others are named. */
const mostArticles = 30;
const mostEditions = 30;

const languageName = new Intl.DisplayNames('en', { type: 'language' });

/** The form of an edition by hand, with what was filled in. */
export async function sendForm(
  app: ConsoleApp,
  request: ConsoleRequest,
  given: URLSearchParams,
  errors: FieldErrors,
): Promise<Response> {
  const { site, sending } = app;
  const { newsletters, editions } = sending;
  const gone = await editions.listEditions({ isFrozen: true, limit: mostEditions });
  const value = (name: string): string => given.get(name) ?? '';
  const [kind, when] = [kindOf(given), value('when') === 'at' ? 'at' : 'now'];
  return consolePage(request, {
    title: 'Send by hand',
    section: 'send',
    main: html`${errorSummary(errors)}${await pendingNote(app, request)}
<form class="card send-form" method="get" action="${request.consolePath('/send/confirm')}">
${selectField({ name: 'newsletter', label: 'Newsletter', value: value('newsletter'), errors, options: newsletters.map(({ name, title }) => ({ value: name, label: localized(title, 'en', site) })) })}
<fieldset><legend>What</legend>
${choice('what', 'new', kind, 'Everything new')}
${choice('what', 'articles', kind, 'These articles')}
<div class="inset">${articleBoxes(app, given.getAll('slug'))}
${field({ name: 'slugs', label: 'Others, by their slugs', value: value('slugs'), errors, help: 'Separated by commas. All of these are sent in this order.' })}</div>
${choice('what', 'since', kind, 'Everything since a date')}
<div class="inset">${field({ name: 'since', label: 'Since', type: 'datetime-local', value: value('since'), errors, help: `What no earlier edition had. In the publication’s zone, ${site.timezone}.` })}</div>
${choice('what', 'alert', kind, 'One article as an alert')}
<div class="inset">${field({ name: 'article', label: 'Its slug', value: value('article'), errors, help: 'Its title becomes the subject.' })}</div>
${choice('what', 'correction', kind, 'An edition again, as a correction')}
<div class="inset">${editionField('edition', 'Which one', value('edition'), errors, 'Its articles as they are now, to those who got it.', app, gone)}</div>
<p class="check"><label><input type="checkbox" name="again" value="yes"${given.has('again') ? html` checked` : nothing}> Also to readers who had these articles in the last 30 days</label></p>
</fieldset>
<fieldset><legend>To whom</legend><p class="help">Nothing chosen: to all readers of the newsletter.</p>
${boxes(
  'lang',
  'Languages',
  site.languages.map((lang) => ({ value: lang, label: languageName.of(lang) ?? lang })),
  given,
)}
${boxes(
  'country',
  'Countries',
  Object.entries(site.countries).map(([key, { title }]) => ({ value: key, label: localized(title, 'en', site) })),
  given,
  'Readers who have chosen no country get all of them.',
)}
${editionField('got', 'Only those who got', value('got'), errors, 'Also those of whom it is in doubt.', app, gone)}
</fieldset>
<fieldset><legend>When</legend>
${choice('when', 'now', when, 'Now, with a minute to undo')}
${choice('when', 'at', when, 'At a time')}
<div class="inset">${field({ name: 'at', label: 'Time', type: 'datetime-local', value: value('at'), errors, help: `In the publication’s zone, ${site.timezone}; before the newsletter’s next edition on schedule.` })}</div>
</fieldset>
<p><button class="button main">Look at it</button></p><p class="help">Nothing is sent yet: the next page says what goes to how many.</p>
</form>`,
    ...(Object.keys(errors).length > 0 ? { status: 422 } : {}),
  });
}

/** What is on its way already, as a newsletter has one at a time. */
async function pendingNote({ sending, site }: ConsoleApp, { consolePath }: ConsoleRequest): Promise<Html | ''> {
  const pending = await sending.editions.listEditions({ states: pendingEditionStates, limit: 10 });
  if (pending.length === 0) return nothing;
  return html`<div class="note"><p>On its way already:</p><ul>${pending.map((edition) => pendingItem(edition, sending.newsletters, site, consolePath))}</ul></div>`;
}

function pendingItem(
  edition: Edition,
  newsletters: readonly Newsletter[],
  site: ConsoleApp['site'],
  consolePath: ConsoleRequest['consolePath'],
): Html {
  const who = edition.openedBy === null ? nothing : html`, asked for by <bdi>${edition.openedBy.name}</bdi>`;
  return html`<li><a href="${consolePath(`/editions/${encodeURIComponent(edition.id)}/sending`)}">${editionTitle(site, newsletters, edition)}</a>: ${stateSentence(edition, [])}${who}</li>`;
}

function choice(name: string, value: string, chosen: string, label: string): Html {
  return html`<p class="check"><label><input type="radio" name="${name}" value="${value}"${value === chosen ? html` checked` : nothing}> ${label}</label></p>`;
}

function articleBoxes({ sending, site }: ConsoleApp, chosen: readonly string[]): Html {
  const stories = sending.published().stories.slice(0, mostArticles);
  if (stories.length === 0) return html`<p class="help">No article is published yet.</p>`;
  return html`<ul class="checks">${stories.map(
    ({ original: { slug, title, lang, date } }) =>
      html`<li><label><input type="checkbox" name="slug" value="${slug}"${chosen.includes(slug) ? html` checked` : nothing}> <span><span lang="${lang}" dir="${directionOf(lang)}">${title}</span> <span class="aside">${dayText(date, site.timezone)}</span></span></label></li>`,
  )}</ul>`;
}

function boxes(
  name: string,
  legend: string,
  options: readonly { readonly value: string; readonly label: string }[],
  given: URLSearchParams,
  help?: string,
): Html | '' {
  if (options.length === 0) return nothing;
  const chosen = given.getAll(name);
  return html`<fieldset class="bare"><legend>${legend}</legend>${help === undefined ? nothing : html`<p class="help">${help}</p>`}<div class="checks in-line">${options.map(
    ({ value, label }) =>
      html`<label><input type="checkbox" name="${name}" value="${value}"${chosen.includes(value) ? html` checked` : nothing}> <bdi>${label}</bdi></label>`,
  )}</div></fieldset>`;
}

function editionField(
  name: string,
  label: string,
  value: string,
  errors: FieldErrors,
  help: string,
  { sending, site }: ConsoleApp,
  editions: readonly Edition[],
): Html {
  const known = editions.map((edition) => ({
    value: edition.id,
    label: `${editionTitle(site, sending.newsletters, edition)} (${edition.key})`,
  }));
  const options =
    known.some((option) => option.value === value) || value === '' ? known : [{ value, label: value }, ...known];
  return selectField({ name, label, value, errors, help, options: [{ value: '', label: '–' }, ...options] });
}
