import type { Consent, ReaderDelivery, ReaderEvent } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { addressText, inLanguage, languageText, suppressionText } from './reader-words.ts';

/** One entry of the time line. */
export function eventItem(request: ConsoleRequest, readers: ConsoleReaders, event: ReaderEvent): Html {
  return html`<li>${timeText(request.operator, event.at)}<div>${eventText(request, readers, event)}</div></li>\n`;
}

function eventText(request: ConsoleRequest, readers: ConsoleReaders, event: ReaderEvent): Html {
  switch (event.kind) {
    case 'added':
      return html`<b>Came</b>`;
    case 'consent':
      return consentText(readers, event.consent);
    case 'delivery':
      return deliveryText(request, readers, event.delivery);
    case 'bounce':
      return html`<b class="bad">Mail came back</b>${event.bounce.status === null ? nothing : html`, ${event.bounce.status}`}: <q dir="auto">${event.bounce.said}</q>`;
    case 'letter':
      return html`<b>Letter</b>: ${letterTitles[event.letter.kind] ?? event.letter.kind}, ${event.letter.outcome ?? event.letter.state}`;
    case 'address':
      return html`<b>Asked for another address</b>, ${addressText(event.email)}, which isn’t confirmed yet`;
    case 'suppressed':
      return html`<b class="bad">Suppressed</b>: ${suppressionText(event.reason)}`;
    default:
      return event satisfies never;
  }
}

const consentTitles: Readonly<Record<string, string>> = {
  asked: 'Asked to subscribe',
  confirmed: 'Confirmed by a mail’s link',
  vouched: 'Added by somebody’s word for it',
  changed: 'Changed',
  left: 'Left',
};

const waysOfConsent: Readonly<Record<string, string>> = {
  form: 'by the form',
  api: 'by a form on another site',
  import: 'by an imported file',
  operator: 'by an operator',
  page: 'on their page',
  'one-click': 'by their mail program’s button',
  mail: 'by mail',
};

function consentText({ newsletterTitles }: ConsoleReaders, consent: Consent): Html {
  const { what, how, newsletters, languages, countries, topics, wording, lang, version, ip } = consent;
  const titles = newsletters.map((name) => newsletterTitles.get(name) ?? name).join(', ');
  const lists = [languages.map(languageText).join(', '), countries.join(', '), topics.join(', ')].filter(
    (list) => list !== '',
  );
  return html`<b>${consentTitles[what] ?? what}</b>${titles === '' ? nothing : html`: <bdi>${titles}</bdi>`} <span class="aside">${waysOfConsent[how] ?? how}${ip === null ? nothing : html`, from <bdi>${ip}</bdi>`}${what === 'left' || lists.length === 0 ? nothing : html`; ${lists.join('; ')}`}</span>${
    wording === ''
      ? nothing
      : html`<blockquote>${inLanguage(wording, lang)}<footer class="aside">${lang === 'und' ? 'The operator’s words' : languageText(lang)}${version === '' ? nothing : html`, version <code>${version}</code>`}</footer></blockquote>`
  }`;
}

const letterTitles: Readonly<Record<string, string>> = {
  confirm: 'asks whether they asked',
  already: 'says that they have it all',
  welcome: 'welcome',
  link: 'a fresh link to their preferences',
  address: 'leads to a change of address',
  'new-address': 'to the new address',
  data: 'leads to their own data',
  erase: 'leads to being erased',
};

function deliveryText(
  { consolePath }: ConsoleRequest,
  { newsletterTitles }: ConsoleReaders,
  delivery: ReaderDelivery,
): Html {
  const { editionId, newsletter, state, outcome, reason, reply, attempts } = delivery;
  const tone =
    state === 'sent' && outcome !== 'bounced' && outcome !== 'complained'
      ? 'good'
      : badStates.has(state) || outcome !== null
        ? 'bad'
        : 'waiting';
  return html`<b class="${tone}">${outcome === null || state !== 'sent' ? state.replace('_', ' ') : outcome}</b>: <a href="${consolePath(`/editions/${encodeURIComponent(editionId)}`)}"><bdi>${newsletterTitles.get(newsletter) ?? newsletter}</bdi>, <code>${editionId}</code></a>${reason === null ? nothing : html` <span class="aside">${reason.replaceAll('_', ' ')}</span>`}${attempts > 1 ? html` <span class="aside">${attempts} attempts</span>` : nothing}${reply === null ? nothing : html` <q dir="auto">${reply}</q>`}`;
}

const badStates: ReadonlySet<string> = new Set(['failed', 'in_doubt']);
