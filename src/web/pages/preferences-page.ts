import { localized } from '../../site.ts';
import {
  type Pause,
  type PreferenceFault,
  type PreferenceWishes,
  parsePauseDay,
  pauseDays,
  pauseDayText,
  preferenceFields,
  type ReaderPreferences,
} from '../../subscribers/index.ts';
import { dateText, type Html, html, nothing } from '../html/html.ts';
import { dayField, languageFields, newsletterFields, sectionFields } from '../html/wish-fields.ts';
import { wishList } from '../html/wish-list.ts';
import { isolated, readerHref, readerTranslations } from '../reader-links.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';
import { askPart } from './request-pages.ts';
import { subscribePath } from './subscribe-page.ts';
import { undoForm } from './unsubscribe-page.ts';

/** `GET /preferences/TOKEN`: all that a reader may choose, in one form. Changes nothing. */
export function preferencesPage(view: View, token: string, reader: ReaderPreferences): Html {
  const { locale } = view;
  const action = readerHref(view, 'preferences', token);
  return noticePage(
    view,
    locale.t('site.preferences_title'),
    html`<p><bdi>${reader.maskedAddress}</bdi></p>
${reader.isSuppressed ? html`<p class="warning">${locale.t('site.wishes_suppressed')} <a href="${view.href(subscribePath(view, view.lang))}">${locale.t('site.subscribe')}</a></p>` : nothing}
${reader.wishes.newsletters.size === 0 ? html`<p>${locale.t('site.preferences_none')}</p>` : nothing}
<form class="wishes" method="post" action="${action}">
${newsletterPart(view, reader.wishes)}
${sectionPart(view, 'countries', reader.wishes.countries)}
${sectionPart(view, 'topics', reader.wishes.topics)}
${languagePart(view, reader.wishes.languages)}
<p>${locale.t('site.wishes_agree')}</p>
<button class="button main" name="${preferenceFields.whole}" value="1">${locale.t('site.wishes_save')}</button>
</form>
${askPart(view, token, reader.maskedAddress)}`,
    readerTranslations(view, 'preferences', token),
  );
}

function newsletterPart(view: View, wishes: PreferenceWishes): Html {
  const { locale, site, now } = view;
  const days = pauseDays(site.timezone, now);
  const rows = view.newsletters.map((newsletter) => {
    const wish = wishes.newsletters.get(newsletter.name) ?? null;
    const until = wish?.pause?.until ?? null;
    return newsletterFields(view, newsletter, wish, {
      ...days,
      chosen: until === null ? null : pauseDayText(until, site.timezone),
    });
  });
  return html`<fieldset><legend>${locale.t('site.newsletters')}</legend><ul class="choices">${rows}</ul>
<p class="help">${locale.t('site.wishes_until_help')}</p>
${
  rows.length > 1
    ? html`<label class="field"><span>${locale.t('site.wishes_until_all')}</span>
${dayField(preferenceFields.untilForAll, days)}</label>`
    : nothing
}</fieldset>`;
}

function sectionPart(view: View, kind: 'countries' | 'topics', chosen: readonly string[]): Html | '' {
  if (Object.keys(view.site[kind]).length === 0) return nothing;
  return html`<fieldset><legend>${view.locale.t(`site.${kind}`)}</legend>${sectionFields(view, kind, chosen)}
<p class="help">${view.locale.t('site.wishes_all_help')}</p></fieldset>`;
}

function languagePart(view: View, chosen: readonly string[]): Html {
  const { locale } = view;
  return html`<fieldset><legend>${locale.t('site.wishes_languages')}</legend>${languageFields(view, chosen)}
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

/** The one sentence that says what is wrong with a form. */
export function preferencesFaultPage(view: View, token: string, fault: PreferenceFault): Html {
  const { locale, site } = view;
  const { first, last } = pauseDays(site.timezone, view.now);
  const shown = (day: string): string =>
    isolated(dateText(locale.date(parsePauseDay(day, site.timezone, view.now) ?? view.now)));
  return noticePage(
    view,
    locale.t('site.wishes_fault_title'),
    html`<p>${locale.t(`site.wishes_fault_${fault}`, { first: shown(first), last: shown(last) })}</p>
<p>${backLink(view, token)}</p>`,
  );
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
