import { languagePrefix } from '../../site.ts';
import { type Html, html, nothing } from '../html/html.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

/** A link that can't be used, and the form that has a fresh one sent. It says the same whatever is wrong with the link. */
export function tokenPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.token_title'), html`<p>${locale.t('site.token_text')}</p>${linkForm(view)}`);
}

/** `GET /preferences`: has a link sent to whoever lacks theirs. */
export function linkPage(view: View, fault: 'email_fault' | 'too_many' | null = null): Html {
  const { locale } = view;
  return noticePage(
    view,
    locale.t('site.preferences_title'),
    html`${fault === null ? nothing : html`<p class="warning">${locale.t(`site.${fault}`)}</p>`}${linkForm(view)}`,
  );
}

/** The same for an address that we know and one that we don't. */
export function linkAskedPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.asked_title'), html`<p>${locale.t('site.link_asked')}</p>`);
}

function linkForm(view: View): Html {
  const { locale, site, lang } = view;
  return html`<p>${locale.t('site.link_intro')}</p>
<form method="post" action="${view.href(`${languagePrefix(site, lang)}/preferences`)}">
${emailField(locale.t('site.email_label'))}
<button class="button main">${locale.t('site.link_button')}</button>
</form>`;
}

/** One address, with whatever help the device has for that. */
export function emailField(label: string): Html {
  return html`<label class="field wide"><span>${label}</span><input type="email" name="email" required maxlength="254" autocomplete="email" dir="ltr"></label>`;
}
