import { domainToUnicode } from 'node:url';
import { directionOf } from '../../../i18n/index.ts';
import type { FoundReader, Standing, Subscription } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';

const languageName = new Intl.DisplayNames('en', { type: 'language' });

/** `fa` → `Persian` */
export function languageText(lang: string): string {
  try {
    return languageName.of(lang) ?? lang;
  } catch {
    return lang; // Intl throws a RangeError for what isn't a language tag
  }
}

/** An address as mail has it, and as its reader writes it where that differs. */
export function addressText(email: string): Html {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const written = domainToUnicode(domain);
  const other =
    written === domain || written === ''
      ? nothing
      : html` <span class="aside">(<bdi dir="ltr">${email.slice(0, at)}@${written}</bdi>)</span>`;
  return html`<bdi dir="ltr" class="address">${email}</bdi>${other}`;
}

/** Words in a language of their own, which may run from right to left. */
export function inLanguage(text: string, lang: string): Html {
  return lang === 'und' || lang === ''
    ? html`<span dir="auto">${text}</span>`
    : html`<span lang="${lang}" dir="${directionOf(lang)}">${text}</span>`;
}

export const standingTitles: Readonly<Record<Standing, string>> = {
  active: 'Active',
  pending: 'Not confirmed yet',
  suspended: 'Suspended after bounces',
  suppressed: 'Suppressed',
};

/** Whether mail goes to a reader, in a word. */
export function standingText({ subscriber, suppressedFor }: FoundReader): Html {
  if (subscriber.state === 'erased') return html`<span class="aside">Erased</span>`;
  if (suppressedFor !== null) return html`<span class="bad">${standingTitles.suppressed}</span>`;
  const tone = { active: 'good', pending: 'waiting', suspended: 'waiting' }[subscriber.state];
  return html`<span class="${tone}">${standingTitles[subscriber.state]}</span>`;
}

/** Why an address is suppressed, in plain words: that of an operator as it is. */
export function suppressionText(reason: string): Html {
  const words: Readonly<Record<string, string>> = {
    complaint: 'The reader complained of our mail',
    address_gone: 'There is no such address: mail came back',
    erased: 'The reader asked never to get mail again',
  };
  const known = Object.hasOwn(words, reason) ? words[reason] : undefined;
  return known === undefined ? html`<span dir="auto">${reason}</span>` : html`${known}`;
}

const rhythmTitles = { each: 'each edition', daily: 'the best of a day', weekly: 'of a week', monthly: 'of a month' };

export function rhythmText({ rhythm }: Pick<Subscription, 'rhythm'>): string {
  return rhythmTitles[rhythm];
}
