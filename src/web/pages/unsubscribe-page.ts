import { languagePrefix } from '../../site.ts';
import { type Html, html } from '../html/html.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

/** `GET /unsubscribe/TOKEN`: asks, and changes nothing, since scanners open every link of a mail. */
export function unsubscribePage(view: View, token: string, newsletterTitle: string): Html {
  const { locale } = view;
  return noticePage(
    view,
    locale.t('site.leave_title', { newsletter: newsletterTitle }),
    html`<p>${locale.t('site.leave_text')}</p>
<form method="post" action="${view.href(`${languagePrefix(view.site, view.lang)}/unsubscribe/${encodeURIComponent(token)}`)}">
<button class="button main" name="leave" value="newsletter">${locale.t('site.leave_button')}</button>
<button class="button" name="leave" value="all">${locale.t('site.leave_all_button')}</button>
</form>`,
  );
}

/** What the page's own button leads to. It says the same for a token that nobody knows. */
export function leftPage(view: View, newsletterTitle: string | null): Html {
  const { locale } = view;
  const text =
    newsletterTitle === null
      ? locale.t('site.left_all_text')
      : locale.t('site.left_text', { newsletter: newsletterTitle });
  return noticePage(view, locale.t('site.left_title'), html`<p>${text}</p>`);
}
