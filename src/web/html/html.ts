import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { LocalDate } from '../../i18n/index.ts';
import { directionOf } from '../../i18n/index.ts';
import type { View } from '../view.ts';

/** Markup whose values are escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export { html, raw };

export const nothing = '';

/** ` lang="fa" dir="rtl"` for text in another language than the page's. */
export function languageAttributes(view: View, lang: string): Html | '' {
  return lang === view.lang ? nothing : html` lang="${lang}" dir="${directionOf(lang)}"`;
}

/** A date in words; for Persian the Gregorian one beside it. */
export function dateText(date: LocalDate): string {
  return date.other === null ? date.main : `${date.main} · ${date.other}`;
}

/** `<time>` with the date and, where asked for, the time of day. */
export function timeElement(view: View, instant: string, parts: 'date' | 'date-time' | 'day'): Html {
  const date = dateText(parts === 'day' ? view.locale.day(instant) : view.locale.date(instant));
  return html`<time datetime="${instant}">${date}${parts === 'date-time' ? html`${view.locale.comma}<bdi>${view.locale.time(instant)}</bdi>` : nothing}</time>`;
}
