import type { Story } from '../../../content/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import type { ReaderCount } from '../../../schedule/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { ownRefresh } from '../html/own-refresh.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import type { ComposedPlace } from './composed-place.ts';
import { languageName } from './texts-form.ts';

const shown = 12;
const numbers = new Intl.NumberFormat('en');

/** A mail that readers share. */
export interface SharedMail {
  /** As the preview takes it. */
  readonly choice: string;
  readonly lang: string;
  readonly lead: { readonly title: string; readonly lang: string };
  readonly stories: number;
  /** Null where nobody counted. */
  readonly readers: number | null;
}

/** The mails of an edition with their numbers of readers, those of most readers first. */
export function variantsTable(request: ConsoleRequest, place: ComposedPlace, mails: readonly SharedMail[]): Html {
  const rest = mails.slice(shown);
  const others = rest.reduce((sum, { readers }) => sum + (readers ?? 0), 0);
  const preview = request.consolePath(place.pathOf('/preview'));
  return html`${table(
    'Mails and their readers',
    [
      { title: 'Begins with' },
      { title: 'Language' },
      { title: 'Stories', isNumber: true },
      { title: 'Readers', isNumber: true },
    ],
    mails
      .slice(0, shown)
      .map(({ choice, lang, lead, stories, readers }) => [
        html`<a href="${preview}?lang=${lang}&amp;choice=${choice}"><bdi lang="${lead.lang}" dir="${directionOf(lead.lang)}">${lead.title}</bdi></a>`,
        languageName(lang),
        String(stories),
        readers === null ? 'not counted' : numbers.format(readers),
      ]),
  )}${rest.length === 0 ? nothing : html`<p class="help">${numbers.format(rest.length)} more mails, to ${numbers.format(others)} readers.</p>`}`;
}

/** Who would get an edition that isn't frozen, as counted last: nobody waits here for a million readers to be counted. */
export function countedReaders(
  request: ConsoleRequest,
  place: ComposedPlace,
  { counted, isCounting }: ReaderCount,
  stories: readonly Story[],
): Html {
  const path = request.consolePath(place.pathOf('/counted'));
  // Asks again until it is done; without script the page is loaded again by hand.
  const again = isCounting
    ? html` hx-get="${path}" hx-trigger="load delay:2s" hx-swap="outerHTML"${ownRefresh}`
    : nothing;
  return html`<div id="counted" aria-live="polite"${again}>${countedText(request, place, { counted, isCounting }, stories)}</div>`;
}

function countedText(
  request: ConsoleRequest,
  place: ComposedPlace,
  { counted, isCounting }: ReaderCount,
  stories: readonly Story[],
): Html {
  if (counted === null)
    return html`<p>The readers are being counted. <a href="">Load the page again</a> in a moment.</p>`;
  const titleOf = (key: string, lang: string) => {
    const story = stories.find((one) => one.key === key);
    const article = story?.byLanguage.get(lang) ?? story?.original;
    return { title: article?.title ?? 'A story that is no longer in it', lang: article?.lang ?? 'en' };
  };
  const { at, readers, withNothing, excluded } = counted;
  return html`<p><b>${numbers.format(readers)}</b> ${readers === 1 ? 'reader gets' : 'readers get'} it; for ${numbers.format(withNothing)} there is nothing in it; ${numbers.format(excluded)} get no mail at present. Counted ${timeText(request.operator, at)}${isCounting ? ', before the last change; being counted anew' : nothing}.</p>
${variantsTable(
  request,
  place,
  counted.variants.map(({ key, lang, stories: told, readers: many }) => ({
    choice: key,
    lang,
    lead: titleOf(told[0]?.key ?? '', told[0]?.lang ?? lang),
    stories: told.length,
    readers: many,
  })),
)}`;
}
