import { localized } from '../../site.ts';
import {
  type Pause,
  type PreferenceFault,
  parsePauseDay,
  pauseDays,
  preferenceFields,
  type ReaderPreferences,
} from '../../subscribers/index.ts';
import { chosenWishes, type FilledWishes, typedWishes } from '../html/filled-wishes.ts';
import { dateText, type Html, html, nothing } from '../html/html.ts';
import { type ChosenDay, dayField, languageFields, newsletterFields, sectionFields } from '../html/wish-fields.ts';
import { wishList } from '../html/wish-list.ts';
import { isolated, readerHref, readerTranslations } from '../reader-links.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';
import { askPart } from './request-pages.ts';
import { subscribePath } from './subscribe-page.ts';
import { undoForm } from './unsubscribe-page.ts';

/** A form that can't be taken as it is. */
export interface RefusedPreferences {
  readonly form: URLSearchParams;
  /** One that isn't whole has nothing to show again. */
  readonly fault: Exclude<PreferenceFault, 'incomplete'>;
}

/** `GET /preferences/TOKEN`: all that a reader may choose, in one form, or what was typed into it. Changes nothing. */
export function preferencesPage(
  view: View,
  token: string,
  reader: ReaderPreferences,
  refused: RefusedPreferences | null = null,
): Html {
  const { locale } = view;
  const action = readerHref(view, 'preferences', token);
  const filled = refused === null ? chosenWishes(reader.wishes, view.site.timezone) : typedWishes(refused.form);
  const { countries, topics, languages } = filled.wishes;
  return noticePage(
    view,
    locale.t('site.preferences_title'),
    html`<p><bdi>${reader.maskedAddress}</bdi></p>
${reader.isSuppressed ? html`<p class="warning">${locale.t('site.wishes_suppressed')} <a href="${view.href(subscribePath(view, view.lang))}">${locale.t('site.subscribe')}</a></p>` : nothing}
${reader.wishes.newsletters.size === 0 ? html`<p>${locale.t('site.preferences_none')}</p>` : nothing}
${refused === null ? nothing : html`<p class="warning" id="fault" role="alert"><b>${locale.t('site.wishes_fault_title')}</b><br>${faultSentence(view, refused.fault)}</p>`}
<form class="wishes" method="post" action="${action}">
${newsletterPart(view, filled, refused?.fault === 'day')}
${sectionPart(view, 'countries', countries)}
${sectionPart(view, 'topics', topics)}
${languagePart(view, languages, refused?.fault === 'no_language')}
<p>${locale.t('site.wishes_agree')}</p>
<button class="button main" name="${preferenceFields.whole}" value="1">${locale.t('site.wishes_save')}</button>
</form>
${askPart(view, token, reader.maskedAddress)}`,
    readerTranslations(view, 'preferences', token),
  );
}

function newsletterPart(view: View, { wishes, days: chosen, dayForAll }: FilledWishes, isDayWrong: boolean): Html {
  const { locale, site, now } = view;
  const days = pauseDays(site.timezone, now);
  const dayOf = (day: string): ChosenDay => ({
    chosen: day === '' ? null : day,
    faultId: isDayWrong && day !== '' && parsePauseDay(day, site.timezone, now) === null ? 'fault' : null,
  });
  const rows = view.newsletters.map((newsletter) => {
    const { name } = newsletter;
    const day = dayOf(chosen.get(name) ?? '');
    return newsletterFields(view, newsletter, wishes.newsletters.get(name) ?? null, { ...days, ...day });
  });
  return html`<fieldset><legend>${locale.t('site.newsletters')}</legend><ul class="choices">${rows}</ul>
<p class="help">${locale.t('site.wishes_until_help')}</p>
${
  rows.length > 1
    ? html`<label class="field"><span>${locale.t('site.wishes_until_all')}</span>
${dayField(preferenceFields.untilForAll, days, dayOf(dayForAll))}</label>`
    : nothing
}</fieldset>`;
}

function sectionPart(view: View, kind: 'countries' | 'topics', chosen: readonly string[]): Html | '' {
  if (Object.keys(view.site[kind]).length === 0) return nothing;
  return html`<fieldset><legend>${view.locale.t(`site.${kind}`)}</legend>${sectionFields(view, kind, chosen)}
<p class="help">${view.locale.t('site.wishes_all_help')}</p></fieldset>`;
}

function languagePart(view: View, chosen: readonly string[], isFault: boolean): Html {
  const { locale } = view;
  return html`<fieldset${isFault ? html` aria-describedby="fault"` : nothing}><legend>${locale.t('site.wishes_languages')}</legend>${languageFields(view, chosen)}
<p class="help">${locale.t('site.wishes_languages_help')}</p></fieldset>`;
}

/** What was saved, in words. */
export function preferencesSavedPage(view: View, token: string, { wishes, undo }: ReaderPreferences): Html {
  const { locale, site, lang } = view;
  const wanted = view.newsletters.flatMap((newsletter) => {
    const wish = wishes.newsletters.get(newsletter.name);
    if (!wish) return [];
    const { rhythm, pause } = wish;
    const facts = [locale.t(`site.rhythm_${rhythm}`), ...(pause ? [pauseText(view, pause)] : [])];
    return [html`<li><b>${localized(newsletter.title, lang, site)}</b> <span>${facts.join(' · ')}</span></li>`];
  });
  return noticePage(
    view,
    locale.t('site.wishes_saved_title'),
    html`${wanted.length === 0 ? html`<p>${locale.t('site.preferences_none')}</p>` : html`<ul class="choices">${wanted}</ul>`}
${wishList(view, wishes)}
<p>${locale.t('site.wishes_saved_text')}</p>
${undo === null ? nothing : undoForm(view, readerHref(view, 'preferences', token), undo)}
<p>${backLink(view, token)}</p>`,
  );
}

/** What arrived was no whole form. */
export function preferencesCutPage(view: View, token: string): Html {
  const { locale } = view;
  return noticePage(
    view,
    locale.t('site.wishes_fault_title'),
    html`<p>${locale.t('site.wishes_fault_incomplete')}</p>
<p>${backLink(view, token)}</p>`,
  );
}

function faultSentence(view: View, fault: RefusedPreferences['fault']): string {
  const { locale, site } = view;
  const { first, last } = pauseDays(site.timezone, view.now);
  const shown = (day: string): string =>
    isolated(dateText(locale.date(parsePauseDay(day, site.timezone, view.now) ?? view.now)));
  if (fault === 'unknown') return locale.t('site.subscribe_fault_unknown');
  return locale.t(`site.wishes_fault_${fault}`, { first: shown(first), last: shown(last) });
}

function pauseText(view: View, { until }: Pause): string {
  const { locale } = view;
  return until === null
    ? locale.t('site.wishes_paused')
    : locale.t('site.wishes_paused_until', { date: isolated(dateText(locale.date(until))) });
}

function backLink(view: View, token: string): Html {
  return html`<a class="go" href="${readerHref(view, 'preferences', token)}">${view.locale.t('site.wishes_back')}</a>`;
}
