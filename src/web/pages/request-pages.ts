import {
  askLinkHours,
  type OfferedAddress,
  type ReaderAsk,
  readerAsks,
  type TokenOwner,
} from '../../subscribers/index.ts';
import { emailField, type TypedAddress } from '../html/email-field.ts';
import { type Html, html, nothing } from '../html/html.ts';
import { isolated, readerHref, readerTranslations } from '../reader-links.ts';
import type { View } from '../view.ts';
import { noticePage } from './message-page.ts';

/** What is asked for by a fresh mail, as a part of the preferences page. */
export function askPart(view: View, token: string, maskedAddress: string): Html {
  const { locale } = view;
  return html`<section class="own" aria-labelledby="own"><h2 id="own">${locale.t('site.own_title')}</h2>
<p>${locale.t('site.own_text', { address: isolated(maskedAddress) })}</p>
<form method="post" action="${readerHref(view, 'preferences', token)}">
${readerAsks.map((ask) => html`<button class="button" name="ask" value="${ask}">${locale.t(`site.own_${ask}`)}</button>`)}
</form></section>`;
}

/** That the mail is on its way. */
export function askedPage(view: View, maskedAddress: string): Html {
  const { locale } = view;
  const text = locale.t('site.asked_text', { address: isolated(maskedAddress), hours: askLinkHours });
  return noticePage(view, locale.t('site.asked_title'), html`<p>${text}</p>`);
}

/** The page behind the link of such a mail: a button, or the form for the new address, with what was typed and refused. */
export function requestPage(view: View, ask: ReaderAsk, token: string, owner: TokenOwner, typed?: TypedAddress): Html {
  const { locale } = view;
  const fields = { address: addressFields, data: dataFields, erase: eraseFields }[ask];
  return noticePage(
    view,
    locale.t(`site.${ask}_title`),
    html`<p><bdi>${owner.maskedAddress}</bdi></p>
<p>${locale.t(`site.${ask}_text`)}</p>
<form method="post" action="${readerHref(view, ask, token)}">
${fields(view, typed)}
<button class="button main" name="sure" value="1">${locale.t(`site.${ask}_button`)}</button>
</form>`,
    readerTranslations(view, ask, token),
  );
}

function addressFields({ locale }: View, typed?: TypedAddress): Html {
  return emailField(locale.t('site.address_label'), typed);
}

function dataFields(): Html | '' {
  return nothing;
}

function eraseFields({ locale }: View): Html {
  return html`<label class="tick wide"><input type="checkbox" name="keep-out" value="1"> ${locale.t('site.erase_keep')}</label>`;
}

/** `GET /new-address/TOKEN`: whether the letters shall come there. */
export function newAddressPage(view: View, token: string, offered: OfferedAddress): Html {
  const { locale } = view;
  const text = locale.t('site.address_confirm_text', {
    old: isolated(offered.oldMaskedAddress),
    address: isolated(offered.email),
  });
  return noticePage(
    view,
    locale.t('site.address_confirm_title'),
    html`<p>${text}</p>
<form method="post" action="${readerHref(view, 'new-address', token)}">
<button class="button main" name="sure" value="1">${locale.t('site.address_confirm_button')}</button>
</form>`,
    readerTranslations(view, 'new-address', token),
  );
}

export function addressChangedPage(view: View, email: string): Html {
  const { locale } = view;
  const text = locale.t('site.address_done_text', { address: isolated(email) });
  return noticePage(view, locale.t('site.address_done_title'), html`<p>${text}</p>`);
}

export function addressRefusedPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.wishes_fault_title'), html`<p>${locale.t('site.address_refused')}</p>`);
}

export function erasedPage(view: View): Html {
  const { locale } = view;
  return noticePage(view, locale.t('site.erased_title'), html`<p>${locale.t('site.erased_text')}</p>`);
}
