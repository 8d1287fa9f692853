import type { Instant } from '../../clock.ts';
import { localized } from '../../site.ts';
import {
  type LeavingOffer,
  pauseMonths,
  rhythms,
  type Slowing,
  slowings,
  type UndoOffer,
} from '../../subscribers/index.ts';
import { dateText, type Html, html, nothing } from '../html/html.ts';
import { isolated, readerHref, readerTranslations } from '../reader-links.ts';
import { sameFeedPath } from '../same-feed.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

/** What the page's form may hold; anything else is a provider's one click. */
export const leavingFields = { leave: 'leave', rhythm: 'rhythm', pause: 'pause', undo: 'undo' } as const;

/** `GET /unsubscribe/TOKEN`: asks, and changes nothing, since scanners open every link of a mail. */
export function unsubscribePage(view: View, token: string, offer: LeavingOffer): Html {
  const { locale } = view;
  const newsletter = newsletterTitle(view, offer.newsletter);
  return noticePage(
    view,
    locale.t('site.leave_title', { newsletter }),
    html`<p>${locale.t('site.leave_text')}</p>
<form method="post" action="${readerHref(view, 'unsubscribe', token)}">
<button class="button main" name="${leavingFields.leave}" value="newsletter">${locale.t('site.leave_button')}</button>
<button class="button" name="${leavingFields.leave}" value="all">${locale.t('site.leave_all_button')}</button>
<h2>${locale.t('site.leave_other')}</h2>
${slowings.filter((rhythm) => isSlower(view, rhythm, offer)).map((rhythm) => html`<button class="button" name="${leavingFields.rhythm}" value="${rhythm}">${locale.t(`site.fewer_${rhythm}`)}</button>`)}
${pauseMonths.map((months) => html`<button class="button" name="${leavingFields.pause}" value="${months}">${locale.t('site.pause_months', { months })}</button>`)}
</form>
${otherWays(view, offer)}`,
    readerTranslations(view, 'unsubscribe', token),
  );
}

/** What the page's own button leads to, and where its link leads for the seven days in which it can be undone. */
export function leftPage(view: View, token: string, offer: LeavingOffer): Html {
  const { locale } = view;
  const { undo, wantsAny } = offer;
  const text =
    !wantsAny && (undo === null || undo.newsletters.length > 1)
      ? locale.t('site.left_all_text')
      : locale.t('site.left_text', { newsletter: newsletterTitle(view, offer.newsletter) });
  return noticePage(
    view,
    locale.t('site.left_title'),
    html`<p>${text}</p>
${undo === null ? nothing : undoForm(view, readerHref(view, 'unsubscribe', token), undo)}
${otherWays(view, offer)}`,
    readerTranslations(view, 'unsubscribe', token),
  );
}

/** The way back, in a form that posts to `action`. */
export function undoForm(view: View, action: string, undo: UndoOffer): Html {
  const { locale } = view;
  return html`<p>${locale.t('site.undo_text', { date: isolated(dateText(locale.date(undo.until))) })}</p>
<form method="post" action="${action}"><button class="button" name="${leavingFields.undo}" value="${undo.leftAt}">${locale.t('site.undo_button')}</button></form>`;
}

/** What came back, or that it is too late for that. */
export function undonePage(view: View, preferencesToken: string, newsletters: readonly string[]): Html {
  const { locale } = view;
  const isBack = newsletters.length > 0;
  const titles = newsletters.map((name) => isolated(newsletterTitle(view, name)));
  return noticePage(
    view,
    locale.t(isBack ? 'site.undone_title' : 'site.wishes_fault_title'),
    html`<p>${isBack ? locale.t('site.undone_text', { newsletters: locale.list(titles) }) : locale.t('site.undo_late')}</p>
<p>${preferencesLink(view, preferencesToken)}</p>`,
  );
}

/** That a newsletter comes less often now. */
export function slowedPage(view: View, offer: LeavingOffer, rhythm: Slowing): Html {
  const newsletter = newsletterTitle(view, offer.newsletter);
  return easedPage(view, offer, view.locale.t(`site.fewer_${rhythm}_text`, { newsletter }));
}

/** That a newsletter doesn't come for a while. */
export function pausedPage(view: View, offer: LeavingOffer, until: Instant): Html {
  const newsletter = newsletterTitle(view, offer.newsletter);
  const date = isolated(dateText(view.locale.date(until)));
  return easedPage(view, offer, view.locale.t('site.paused_text', { newsletter, date }));
}

function easedPage(view: View, offer: LeavingOffer, sentence: string): Html {
  return noticePage(
    view,
    view.locale.t('site.wishes_saved_title'),
    html`<p>${sentence}</p>
<p>${preferencesLink(view, offer.preferencesToken)}</p>`,
  );
}

function otherWays(view: View, offer: LeavingOffer): Html {
  return html`<ul class="ways"><li><a href="${view.href(sameFeedPath(view, offer))}">${view.locale.t('site.leave_feed')}</a></li>
<li>${preferencesLink(view, offer.preferencesToken)}</li></ul>`;
}

function preferencesLink(view: View, token: string): Html {
  return html`<a href="${readerHref(view, 'preferences', token)}">${view.locale.t('mail.preferences')}</a>`;
}

function newsletterTitle(view: View, name: string): string {
  const newsletter = view.newsletters.find((known) => known.name === name);
  return newsletter ? localized(newsletter.title, view.lang, view.site) : name;
}

function isSlower(view: View, rhythm: Slowing, { newsletter, rhythm: present }: LeavingOffer): boolean {
  return view.rhythmsOf(newsletter).includes(rhythm) && rhythms.indexOf(rhythm) > rhythms.indexOf(present);
}
