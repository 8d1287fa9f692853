import { languagePrefix, localized } from '../../site.ts';
import { type Html, html, nothing } from '../html/html.ts';
import type { View } from '../view.ts';
import type { ReaderPreferences } from '../web-app.ts';
import { noticePage } from './message-page.ts';

/** `GET /preferences/TOKEN`: what a reader receives, each with a way out. Changes nothing. */
export function preferencesPage(view: View, token: string, reader: ReaderPreferences): Html {
  const { locale, site, lang } = view;
  const action = view.href(`${languagePrefix(site, lang)}/preferences/${encodeURIComponent(token)}`);
  const titleOf = (name: string): string => {
    const newsletter = view.newsletters.find((known) => known.name === name);
    return newsletter ? localized(newsletter.title, lang, site) : name;
  };
  return noticePage(
    view,
    locale.t('site.preferences_title'),
    html`<p><bdi>${reader.maskedAddress}</bdi></p>
${
  reader.newsletters.length === 0
    ? html`<p>${locale.t('site.preferences_none')}</p>`
    : html`<form method="post" action="${action}"><ul class="choices">${reader.newsletters.map(
        (name) =>
          html`<li><b>${titleOf(name)}</b><button class="button" name="newsletter" value="${name}" aria-label="${locale.t('site.leave_button')}: ${titleOf(name)}">${locale.t('site.leave_button')}</button></li>`,
      )}</ul>${
        reader.newsletters.length > 1
          ? html`<button class="button" name="all" value="1">${locale.t('site.leave_all_button')}</button>`
          : nothing
      }</form>`
}`,
  );
}
