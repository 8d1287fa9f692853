import { languagePrefix } from '../../site.ts';
import { emailField, type TypedAddress } from '../html/email-field.ts';
import { type Html, html } from '../html/html.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

/** A link that can't be used, and the form that has a fresh one sent. It says the same whatever is wrong with the link. */
export function tokenPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.token_title'), html`<p>${locale.t('site.token_text')}</p>${linkForm(view)}`);
}

/** `GET /preferences`: has a link sent to whoever lacks theirs. */
export function linkPage(view: View, typed?: TypedAddress): Html {
  return noticePage(view, view.locale.t('site.preferences_title'), linkForm(view, typed));
}

/** The same for an address that we know and one that we don't. */
export function linkAskedPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.asked_title'), html`<p>${locale.t('site.link_asked')}</p>`);
}

function linkForm(view: View, typed?: TypedAddress): Html {
  const { locale, site, lang } = view;
  return html`<p>${locale.t('site.link_intro')}</p>
<form method="post" action="${view.href(`${languagePrefix(site, lang)}/preferences`)}">
${emailField(locale.t('site.email_label'), typed)}
<button class="button main">${locale.t('site.link_button')}</button>
</form>`;
}
