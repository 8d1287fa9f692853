import type { KeptChange, StorySelection } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors } from '../html/form.ts';
import { timeText } from '../html/time-text.ts';
import { partial } from '../partial.ts';
import { type ComposedPlace, getComposed } from './composed-place.ts';
import { frozenContent } from './frozen-content.ts';
import { chosenStories, omittedStories } from './story-rows.ts';
import { kinds, type TypedTexts, textName, textsForm } from './texts-form.ts';
import { countedReaders } from './variants-part.ts';

/** More are looked for in vain on a page. */
const mostOmitted = 20;

/** `/console/editions/:id`: what an edition holds, or would. */
export async function contentPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  if (place.edition.frozenAt !== null) return frozenContent(app, request, place);
  return draftContent(app, request, place, {});
}

/** What a page shows besides: what was refused and why. */
export interface Refusal {
  readonly typed?: TypedTexts;
  readonly errors?: FieldErrors;
  /** What others changed meanwhile. */
  readonly changes?: readonly KeptChange[];
  readonly status?: number;
}

/** The parts of an edition that isn't frozen, or never was. */
export async function draftContent(
  app: ConsoleApp,
  request: ConsoleRequest,
  place: ComposedPlace,
  { typed, errors = {}, changes, status = 200 }: Refusal,
): Promise<Response> {
  const { edition, title, head, isOpen } = place;
  const selection = await app.composing.desk.select(edition);
  const stories = selection.chosen.map(({ story }) => story);
  const [last] = await app.composing.editions.listArrangementChanges(edition.id, 1);
  return consolePage(request, {
    title,
    section: 'editions',
    status,
    aside: html`for ${timeText(request.operator, edition.dueAt, zoneOf(app, place))}`,
    main: html`${head}${errorSummary(errors)}${changes === undefined ? nothing : outdated(request, changes)}
<div class="cards two"><section class="card" aria-labelledby="stories"><header><h2 id="stories">${isOpen ? 'Stories' : 'What it would have held'}</h2><p>${
      last === undefined ? nothing : html`<bdi>${last.by}</bdi> ${last.what}, ${timeText(request.operator, last.at)}`
    }</p></header>
${isOpen ? html`<p class="help">In this order. Below the first, a letter puts the stories of a country together, and briefs last.</p>` : nothing}
${stories.length === 0 ? html`<p>Nothing is new: it would be skipped.</p>` : chosenStories(request, place, selection.chosen)}
${gone(request, place, selection)}${isOpen ? omitted(request, place, selection) : nothing}</section>
<div><section class="card" aria-labelledby="readers"><header><h2 id="readers">Who gets what</h2></header>
${isOpen ? countedReaders(request, place, app.composing.desk.readers.find(edition, stories), stories) : html`<p>Nobody: it didn’t go out.</p>`}</section>
${deeds(request, place, stories.length > 0)}</div>
<section class="card span" aria-labelledby="texts"><header><h2 id="texts">Subject and preheader</h2></header>
${textsForm(request, place, { site: app.site, stories, typed: typed ?? typedOf(place), errors })}</section></div>`,
  });
}

/** For htmx: the numbers of readers alone, once they are counted. */
export async function countedPart(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  const stories = (await app.composing.desk.select(place.edition)).chosen.map(({ story }) => story);
  return partial(countedReaders(request, place, app.composing.desk.readers.find(place.edition, stories), stories));
}

export function zoneOf({ composing, site }: ConsoleApp, { edition }: ComposedPlace): string {
  return composing.newsletters.find(({ name }) => name === edition.newsletter)?.timezone ?? site.timezone;
}

function typedOf({ edition: { arrangement } }: ComposedPlace): TypedTexts {
  const texts = { subject: arrangement.subjects, preheader: arrangement.preheaders };
  return Object.fromEntries(
    kinds.flatMap((kind) => Object.entries(texts[kind]).map(([lang, text]) => [textName(kind, lang), text])),
  );
}

function outdated({ operator }: ConsoleRequest, changes: readonly KeptChange[]): Html {
  return html`<div class="note bad" role="alert"><p>Nothing was done: this edition was changed since you opened the page. It is shown as it is now; what you typed is kept below.</p>
<ul>${changes.map(({ by, what, at }) => html`<li><bdi>${by}</bdi> ${what}, ${timeText(operator, at)}</li>`)}</ul></div>`;
}

function gone(
  { consolePath }: ConsoleRequest,
  { edition, pathOf, mayEdit }: ComposedPlace,
  { gone: keys }: StorySelection,
): Html | '' {
  if (keys.length === 0) return nothing;
  return html`<div class="note"><p>${keys.length === 1 ? 'A pinned story is' : `${keys.length} pinned stories are`} not published any more, and drop out.</p>
${mayEdit ? keys.map((key) => html`<form method="post" action="${consolePath(pathOf('/arrange'))}" class="row"><input type="hidden" name="revision" value="${String(edition.revision)}"><input type="hidden" name="story" value="${key}"><button class="small" name="act" value="unpin">Take the pin off</button></form>`) : nothing}</div>`;
}

function omitted(request: ConsoleRequest, place: ComposedPlace, { omitted: all }: StorySelection): Html {
  const [mine, others] = [all.filter(isDecided), all.filter((one) => !isDecided(one))];
  const rest = others.slice(0, Math.max(0, mostOmitted - mine.length));
  return html`<h3>Not in it</h3>
<p class="help">What is left out doesn’t come back by itself: the next edition takes what is published after this one.</p>
${mine.length === 0 ? nothing : omittedStories(request, place, mine)}
${rest.length === 0 ? nothing : html`<details><summary>Other published stories</summary>${omittedStories(request, place, rest)}${others.length > rest.length ? html`<p class="help">The newest ${rest.length} of ${others.length}.</p>` : nothing}</details>`}`;
}

/** Left out by somebody, or by the limit. */
function isDecided({ why }: StorySelection['omitted'][number]): boolean {
  return why.kind === 'left_out' || why.kind === 'over_limit';
}

function deeds(
  { consolePath, may }: ConsoleRequest,
  { edition, pathOf, isOpen }: ComposedPlace,
  hasStories: boolean,
): Html | '' {
  const skips = isOpen && may('editions:send');
  if (!hasStories && !skips) return nothing;
  return html`<section class="card" aria-labelledby="deeds"><header><h2 id="deeds">What to do</h2></header><div class="acts">
${hasStories ? html`<a class="button" href="${consolePath(pathOf('/preview'))}">Preview</a>` : nothing}
${hasStories && may('editions:edit') ? html`<a class="button" href="${consolePath(pathOf('/test'))}">Send a test</a>` : nothing}
${hasStories && edition.state === 'draft' && may('editions:send') ? html`<a class="button" href="${consolePath(pathOf('/early'))}">Send it now …</a>` : nothing}
${skips ? html`<a class="button" href="${consolePath(pathOf('/skip'))}">Skip this one</a>` : nothing}</div></section>`;
}
