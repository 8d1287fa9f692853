import { languagePrefix, localized } from '../../site.ts';
import { signUpFields as fields, rhythms, type SignUpFault } from '../../subscribers/index.ts';
import { emailField } from '../html/email-field.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { languageFields, sectionFields } from '../html/wish-fields.ts';
import { isolated } from '../reader-links.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

export interface SubscribeForm {
  /** What is filled in already. */
  readonly values: URLSearchParams;
  readonly stamp: string;
  /** What is wrong with it; `check`: nothing, but a person should look at it; null: it is new. */
  readonly say: SignUpFault | 'check' | null;
}

/** `/subscribe`: all that somebody may ask for, in one form, without a script. */
export function subscribePage(view: View, { values, stamp, say }: SubscribeForm): Html {
  const { site, lang, locale } = view;
  const title = locale.t('site.subscribe');
  const chosen = values.getAll(fields.language).filter((language) => site.languages.includes(language));
  const fault = say === 'address' ? faultSentence(view, say) : null;
  const email = { text: values.get(fields.email) ?? '', fault };
  return layout(view, {
    title,
    description: locale.t('site.subscribe_intro'),
    path: subscribePath(view, lang),
    translations: Object.fromEntries(site.languages.map((other) => [other, subscribePath(view, other)])),
    query: newsletterQuery(view, values),
    feeds: [],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap notice"><h1>${title}</h1><p>${locale.t('site.subscribe_intro')}</p>
${say === null || say === 'address' ? nothing : html`<p class="warning" id="fault" role="alert">${sentence(view, say)}</p>`}
<form class="wishes" method="post" action="${view.href(subscribePath(view, lang))}">
${emailField(locale.t('site.email_label'), email)}
${newsletterPart(view, values, say === 'no_newsletter')}
${rhythmPart(view, values.get(fields.rhythm))}
${sectionPart(view, 'countries', values.getAll(fields.country))}
${sectionPart(view, 'topics', values.getAll(fields.topic))}
<fieldset><legend>${locale.t('site.wishes_languages')}</legend>${languageFields(view, chosen.length === 0 ? [lang] : chosen)}
<p class="help">${locale.t('site.wishes_languages_help')}</p></fieldset>
<div class="trap" aria-hidden="true"><label>${locale.t('site.subscribe_trap')} <input name="${fields.trap}" tabindex="-1" autocomplete="off"></label></div>
<p>${subscribeWording(view)}${site.privacyUrl === null ? nothing : html` <a href="${site.privacyUrl}">${locale.t('site.privacy')}</a>`}</p>
<input type="hidden" name="${fields.stamp}" value="${stamp}">
<button class="button main">${title}</button>
</form></div>`,
  });
}

/** What everybody gets to see who has signed an address up, whoever it belongs to. */
export function signedUpPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.signed_up_title'), html`<p>${locale.t('site.signed_up_text')}</p>`);
}

/** @param seconds until it can be tried again. */
export function busyPage(view: View, seconds: number): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.subscribe_busy_title'), html`<p>${busySentence(view, seconds)}</p>`);
}

export function busySentence({ locale }: View, seconds: number): string {
  return locale.t('site.subscribe_busy_text', { minutes: Math.ceil(seconds / 60) });
}

/** The sentence that is agreed to by the button under it: it stands in the record of the consent. */
export function subscribeWording({ locale, newsletters, lang, site }: View): string {
  const [only, ...others] = newsletters;
  return only !== undefined && others.length === 0
    ? locale.t('site.subscribe_agree_one', { newsletter: localized(only.title, lang, site) })
    : locale.t('site.subscribe_agree');
}

export function faultSentence({ locale }: View, fault: SignUpFault): string {
  return locale.t(`site.subscribe_fault_${fault}`);
}

/** `/fa/subscribe` */
export function subscribePath({ site }: View, lang: string): string {
  return `${languagePrefix(site, lang)}/subscribe`;
}

function sentence(view: View, say: SignUpFault | 'check'): string {
  return say === 'check' ? view.locale.t('site.subscribe_check') : faultSentence(view, say);
}

function newsletterPart(view: View, values: URLSearchParams, isFault: boolean): Html | '' {
  const { newsletters, locale, lang, site } = view;
  if (newsletters.length === 1) return nothing;
  // None is ticked beforehand but by a link that named it: what is asked for is for people to say.
  const ticked = values.getAll(fields.newsletter);
  return html`<fieldset${isFault ? html` aria-describedby="fault"` : nothing}><legend>${locale.t('site.newsletters')}</legend><ul class="ticks">${newsletters.map(
    ({ name, title }) =>
      html`<li><label class="tick"><input type="checkbox" name="${fields.newsletter}" value="${name}"${ticked.includes(name) ? html` checked` : nothing}> ${isolated(localized(title, lang, site))}</label></li>`,
  )}</ul></fieldset>`;
}

/** The newsletters that are ticked, as a link to the form names them. */
function newsletterQuery({ newsletters }: View, values: URLSearchParams): string {
  const ticked = newsletters.filter(({ name }) => values.getAll(fields.newsletter).includes(name));
  return ticked.map(({ name }, index) => `${index === 0 ? '?' : '&'}${fields.newsletter}=${name}`).join('');
}

function rhythmPart({ locale }: View, chosen: string | null): Html {
  return html`<label class="field"><span>${locale.t('site.wishes_how_often')}</span>
<select name="${fields.rhythm}">${rhythms.map((rhythm) => html`<option value="${rhythm}"${rhythm === chosen ? html` selected` : nothing}>${locale.t(`site.rhythm_${rhythm}`)}</option>`)}</select></label>`;
}

function sectionPart(view: View, kind: 'countries' | 'topics', chosen: readonly string[]): Html | '' {
  if (Object.keys(view.site[kind]).length === 0) return nothing;
  return html`<fieldset><legend>${view.locale.t(`site.${kind}`)}</legend>${sectionFields(view, kind, chosen)}
<p class="help">${view.locale.t('site.wishes_all_help')}</p></fieldset>`;
}
