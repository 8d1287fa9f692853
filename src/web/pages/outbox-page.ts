import { languagePrefix } from '../../site.ts';
import { type Html, html, nothing, timeElement } from '../html/html.ts';
import { layout, type Page } from '../html/layout.ts';
import type { MailParts } from '../mail-parts.ts';
import type { View } from '../view.ts';
import type { OutboxMail } from '../web-app.ts';

/** How a mail is shown. */
export type MailShape = 'wide' | 'phone' | 'text' | 'source';

export const mailShapes: readonly MailShape[] = ['wide', 'phone', 'text', 'source'];

/** `/outbox`: the mails that were written instead of sent, by edition. */
export function outboxPage(view: View, mails: readonly OutboxMail[]): Html {
  const { locale } = view;
  const byEdition = [...Map.groupBy(mails, (mail) => mail.edition)];
  return layout(view, {
    ...outboxFrame(view, ''),
    title: locale.t('site.outbox'),
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${locale.t('site.outbox')}</h1><p class="standfirst">${locale.t('site.outbox_intro')}</p></div>
${mails.length === 0 ? html`<p class="empty">${locale.t('site.outbox_empty')}</p>` : nothing}
${byEdition.map(
  ([edition, members], index) =>
    html`<section class="section" aria-labelledby="edition-${index}"><h2 id="edition-${index}"><bdi>${edition}</bdi></h2>
<ul class="mails">${members.map(
      (mail) =>
        html`<li><a href="${view.href(mailPath(view, mail.edition, mail.file))}" dir="auto">${mail.subject}</a><p><bdi>${mail.to}</bdi> · ${timeElement(view, mail.date, 'date-time')}</p></li>`,
    )}</ul></section>`,
)}
</div>`,
  });
}

/** `/outbox/EDITION/FILE`: one mail as its reader would see it, as plain text, or as it stands on disk. */
export function outboxMailPage(
  view: View,
  address: { edition: string; file: string },
  mail: MailParts,
  shape: MailShape,
): Html {
  const { locale } = view;
  const path = view.href(mailPath(view, address.edition, address.file));
  const labels: Readonly<Record<MailShape, string>> = {
    wide: locale.t('site.outbox_wide'),
    phone: locale.t('site.outbox_phone'),
    text: locale.t('site.outbox_text'),
    source: locale.t('site.outbox_source'),
  };
  return layout(view, {
    ...outboxFrame(view, `/${encodeURIComponent(address.edition)}/${encodeURIComponent(address.file)}`),
    title: mail.subject,
    main: html`<div class="wrap listing">
<div class="page-head"><p class="kicker"><a href="${view.href(`${languagePrefix(view.site, view.lang)}/outbox`)}">${locale.t('site.outbox')}</a></p><h1 dir="auto">${mail.subject}</h1><p>${locale.label(locale.t('site.outbox_to'))} <bdi>${mail.to}</bdi></p></div>
<nav class="shapes" aria-label="${locale.t('site.outbox_letter')}"><ul>${mailShapes.map(
      (known) =>
        html`<li><a class="button" href="${path}?as=${known}"${known === shape ? html` aria-current="page"` : nothing}>${labels[known]}</a></li>`,
    )}<li><a class="button" href="${path}/html">${locale.t('site.outbox_new_tab')}</a></li></ul></nav>
${
  shape === 'text' || shape === 'source'
    ? html`<pre class="mail-source" dir="auto" tabindex="0">${shape === 'text' ? mail.text : mail.source}</pre>`
    : html`<iframe class="mail ${shape}" title="${mail.subject}" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${path}/html"></iframe>`
}
</div>`,
  });
}

function outboxFrame(view: View, rest: string): Omit<Page, 'title' | 'main'> {
  return {
    description: view.locale.t('site.outbox_intro'),
    path: null,
    translations: Object.fromEntries(
      view.site.languages.map((lang) => [lang, `${languagePrefix(view.site, lang)}/outbox${rest}`]),
    ),
    feeds: [],
    kind: 'website',
    imageUrl: null,
  };
}

function mailPath(view: View, edition: string, file: string): string {
  return `${languagePrefix(view.site, view.lang)}/outbox/${encodeURIComponent(edition)}/${encodeURIComponent(file)}`;
}
