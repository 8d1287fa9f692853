import { localized } from '../../site.ts';
import {
  preferenceFields as fields,
  type Pause,
  type PauseDays,
  rhythms,
  type SubscriptionWish,
} from '../../subscribers/index.ts';
import type { View } from '../view.ts';
import { type Html, html, languageAttributes, nothing } from './html.ts';

/** More than these are shown once they are filled. */
const languagesAtFirst = 3;

/** One newsletter: whether it comes, how often, and until when it doesn't. */
export function newsletterFields(
  view: View,
  newsletter: View['newsletters'][number],
  wish: SubscriptionWish | null,
  days: PauseDays & ChosenDay,
): Html {
  const { locale, site, lang } = view;
  const { name } = newsletter;
  const title = localized(newsletter.title, lang, site);
  // What was chosen stays to be seen, though the newsletter comes less often now.
  const offered = rhythms.filter((rhythm) => rhythm === wish?.rhythm || view.rhythmsOf(name).includes(rhythm));
  const of = html`<span class="hidden"> (${title})</span>`;
  return html`<li><label class="tick"><input type="checkbox" name="${fields.newsletter}" value="${name}"${checked(wish !== null)}> <b>${title}</b></label>
<label class="field"><span>${locale.t('site.wishes_how_often')}${of}</span>
<select name="${fields.rhythm(name)}">${offered.map((rhythm) => html`<option value="${rhythm}"${selected(rhythm === (wish?.rhythm ?? 'each'))}>${locale.t(`site.rhythm_${rhythm}`)}</option>`)}</select></label>
<label class="field"><span>${locale.t('site.wishes_until')}${of}</span>
${dayField(fields.until(name), days, days)}</label>
${
  isHeld(wish?.pause ?? null)
    ? html`<label class="tick"><input type="checkbox" name="${fields.held(name)}" value="1" checked> ${locale.t('site.wishes_held')}${of}</label>`
    : nothing
}</li>`;
}

/** What stands in the field for a day. */
export interface ChosenDay {
  /** As typed, or as it was chosen before; null: nothing. */
  readonly chosen: string | null;
  /** The id of the sentence that says why it won't do; null: it will. */
  readonly faultId: string | null;
}

/** A day that a pause may end on. */
export function dayField(name: string, { first, last }: PauseDays, { chosen, faultId }: ChosenDay): Html {
  const told = faultId === null ? nothing : html` aria-invalid="true" aria-describedby="${faultId}"`;
  return html`<input type="date" name="${name}" min="${first}" max="${last}"${chosen === null ? nothing : html` value="${chosen}"`}${told}>`;
}

/** Countries or topics, each with a box to tick. */
export function sectionFields(view: View, kind: 'countries' | 'topics', chosen: readonly string[]): Html {
  const name = kind === 'countries' ? fields.country : fields.topic;
  return html`<ul class="ticks">${Object.keys(view.site[kind]).map(
    (key) =>
      html`<li><label class="tick"><input type="checkbox" name="${name}" value="${key}"${checked(chosen.includes(key))}> ${view.sectionTitle(kind, key) ?? key}</label></li>`,
  )}</ul>`;
}

/** The languages in order: a list to choose from for each place. */
export function languageFields(view: View, chosen: readonly string[]): Html {
  const { site, locale } = view;
  const places = Math.min(site.languages.length, Math.max(languagesAtFirst, chosen.length + 1));
  return html`<div class="fields">${Array.from({ length: places }, (_, place) => {
    const at = chosen[place];
    return html`<label class="field"><span>${locale.t('site.wishes_choice', { rank: place + 1 })}</span>
<select name="${fields.language}">${place === 0 ? nothing : html`<option value="">${locale.t('site.wishes_no_choice')}</option>`}${site.languages.map(
      (lang) =>
        html`<option value="${lang}"${languageAttributes(view, lang)}${selected(lang === at)}>${view.languageName(lang)}</option>`,
    )}</select></label>`;
  })}</div>`;
}

function isHeld(pause: Pause | null): boolean {
  return pause !== null && pause.until === null;
}

function checked(is: boolean): Html | '' {
  return is ? html` checked` : nothing;
}

function selected(is: boolean): Html | '' {
  return is ? html` selected` : nothing;
}
