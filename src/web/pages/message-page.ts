import { homePath } from '../../site.ts';
import { type Html, html } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import type { View } from '../view.ts';

export type Message = 'not_found' | 'gone' | 'edition_gone' | 'error' | 'form' | 'too_long';

/** A page that says one thing, and the way back to the front page: 404, 410, 500, a link or form that can't be used. */
export function messagePage(view: View, message: Message): Html {
  const { locale } = view;
  return noticePage(view, locale.t(`site.${message}_title`), html`<p>${locale.t(`site.${message}_text`)}</p>`);
}

/**
 * A short page of a reader's own, kept out of search engines.
 *
 * @param translations Its path in other languages; default: their front pages.
 */
export function noticePage(
  view: View,
  title: string,
  content: Html,
  translations: Readonly<Record<string, string>> = {},
): Html {
  const { site, lang, locale } = view;
  return layout(view, {
    title,
    description: title,
    path: null,
    translations,
    feeds: [],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap notice"><h1>${title}</h1>${content}
<p><a class="go" href="${view.href(homePath(site, lang))}">${locale.t('site.home')}</a></p></div>`,
  });
}
