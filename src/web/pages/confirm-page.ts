import { localized } from '../../site.ts';
import type { SignUpWishes } from '../../subscribers/index.ts';
import { type Html, html } from '../html/html.ts';
import { wishList } from '../html/wish-list.ts';
import { isolated, readerHref, readerTranslations } from '../reader-links.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

export const confirmFields = {
  /** The button: `yes`, or `fresh` for another link. */
  button: 'confirm',
} as const;

/** `GET /confirm/TOKEN`: asks, and changes nothing, since scanners open every link of a mail. */
export function confirmPage(
  view: View,
  token: string,
  { maskedAddress, wishes }: { readonly maskedAddress: string; readonly wishes: SignUpWishes },
): Html {
  const { locale } = view;
  const rows = titlesOf(view, wishes.newsletters).map(
    (title) => html`<li><b>${title}</b> <span>${locale.t(`site.rhythm_${wishes.rhythm}`)}</span></li>`,
  );
  return noticePage(
    view,
    locale.t('site.confirm_title'),
    html`<p>${locale.t('site.confirm_text', { address: isolated(maskedAddress) })}</p>
<ul class="choices">${rows}</ul>
${wishList(view, wishes)}
<p>${confirmWording(view)}</p>
${button(view, token, 'yes', locale.t('site.confirm_button'))}`,
    readerTranslations(view, 'confirm', token),
  );
}

/** The sentence that is agreed to by the button under it. */
export function confirmWording({ locale }: View): string {
  return locale.t('site.confirm_agree');
}

export function confirmedPage(view: View, newsletters: readonly string[], preferencesToken: string): Html {
  const { locale } = view;
  const titles = locale.list(titlesOf(view, newsletters).map(isolated));
  return noticePage(
    view,
    locale.t('site.confirmed_title'),
    html`<p>${locale.t('site.confirmed_text', { newsletters: titles })}</p>
<p><a class="go" href="${readerHref(view, 'preferences', preferencesToken)}">${locale.t('site.confirmed_choose')}</a></p>`,
  );
}

/** A link that was good until some time ago. */
export function confirmLatePage(view: View, token: string): Html {
  const { locale } = view;
  return noticePage(
    view,
    locale.t('site.confirm_late_title'),
    html`<p>${locale.t('site.confirm_late_text')}</p>
${button(view, token, 'fresh', locale.t('site.confirm_fresh_button'))}`,
    readerTranslations(view, 'confirm', token),
  );
}

function button(view: View, token: string, value: 'yes' | 'fresh', text: string): Html {
  return html`<form method="post" action="${readerHref(view, 'confirm', token)}"><button class="button main" name="${confirmFields.button}" value="${value}">${text}</button></form>`;
}

function titlesOf({ newsletters, lang, site }: View, names: readonly string[]): string[] {
  return newsletters.filter(({ name }) => names.includes(name)).map(({ title }) => localized(title, lang, site));
}
