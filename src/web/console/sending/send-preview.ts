import { fillSlots, piecesFor, type Variant, wholeLetter } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { mailAnswer, mailFrame } from '../html/mail-frame.ts';
import { letterPart, notDrawnMail, notDrawnPart } from '../html/not-drawn.ts';
import { briefOf } from './send-confirm.ts';
import { sendForm } from './send-form.ts';
import { readWishes, type SendWishes } from './send-wishes.ts';

const widths = { wide: 'Desktop', phone: 'Phone' } as const;
const languageName = new Intl.DisplayNames('en', { type: 'language' });

/** `/console/send/preview`: the mails of what a form asks for, before anything is made. */
export async function sendPreview(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const wishes = await wishesOf(app, request);
  if (wishes instanceof Response) return wishes;
  const { consolePath } = request;
  const letter = await getLetter(app, request, wishes);
  const [lang, width] = [langOf(app, request), request.query.get('width') === 'phone' ? 'phone' : 'wide'] as const;
  const pathOf = (page: string, shown: Readonly<Record<string, string>>): string =>
    consolePath(`${page}?${wishes.query}&${new URLSearchParams({ shown: lang, width, ...shown })}`);
  const choices = (title: string, options: readonly (readonly [string, string, boolean])[]): Html =>
    html`<nav aria-label="${title}"><p>${title}</p><ul>${options.map(([path, label, isCurrent]) => html`<li><a href="${path}"${isCurrent ? html` aria-current="true"` : nothing}>${label}</a></li>`)}</ul></nav>`;
  return consolePage(request, {
    title: 'Before it is sent',
    section: 'send',
    main: html`<section class="card" aria-labelledby="preview"><header><h2 id="preview">Preview</h2><p><a href="${consolePath(`/send/confirm?${wishes.query}`)}">Back to the question</a></p></header>
<div class="looks">${choices(
      'Language',
      app.site.languages.map((shown) => [
        pathOf('/send/preview', { shown }),
        languageName.of(shown) ?? shown,
        shown === lang,
      ]),
    )}
${choices(
  'Shown as',
  (['wide', 'phone'] as const).map((shown) => [
    pathOf('/send/preview', { width: shown }),
    widths[shown],
    shown === width,
  ]),
)}</div>
<p class="help">As readers get it who chose neither countries nor topics. Its links lead to nobody’s subscription.</p>
${letter === 'drawing' ? notDrawnPart(pathOf('/send/preview', {})) : letterPart(mailFrame(pathOf('/send/preview/mail', {}), `The letter in ${languageName.of(lang) ?? lang}`, width))}</section>`,
  });
}

/** The letter's HTML alone, for the frame. */
export async function sendPreviewMail(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const wishes = await wishesOf(app, request);
  if (wishes instanceof Response) return wishes;
  const letter = await getLetter(app, request, wishes);
  if (letter === 'drawing') return mailAnswer(notDrawnMail);
  const { html: mail } = fillSlots(letter, {
    unsubscribeUrl: `${app.site.url}/unsubscribe/preview`,
    preferencesUrl: `${app.site.url}/preferences/preview`,
  });
  return mailAnswer(mail);
}

async function getLetter(app: ConsoleApp, request: ConsoleRequest, wishes: SendWishes): Promise<Variant | 'drawing'> {
  const { site, sending } = app;
  const brief = briefOf(app, wishes);
  // What is sent at once has another time at each look: one of the minute, so that it is drawn once.
  const dueAt = wishes.at ?? `${brief.dueAt.slice(0, 16)}:00.000Z`;
  const proof = await sending.desk.proof.look(
    { ...brief, dueAt, arrangement: await sending.desk.arrangementFor(brief) },
    [],
  );
  if (proof === 'drawing') return proof;
  const pieces = proof && piecesFor(proof.pieces, langOf(app, request), site);
  if (!proof || !pieces) throw new AppError('not_found', 'There is nothing new to send, so there is no letter.');
  return wholeLetter(pieces, { stories: proof.keys.map((key) => ({ key })), arrangement: proof.arrangement });
}

/** What is asked for, or the form again with what is wrong with it. */
async function wishesOf(app: ConsoleApp, request: ConsoleRequest): Promise<SendWishes | Response> {
  const { sending } = app;
  const { now, query } = request;
  const read = await readWishes(query, { ...app, ...sending, published: sending.published(), now });
  return read.ok ? read.wishes : sendForm(app, request, query, read.errors);
}

function langOf({ site }: ConsoleApp, { query }: ConsoleRequest): string {
  const shown = query.get('shown') ?? '';
  return site.languages.includes(shown) ? shown : (site.languages[0] ?? 'en');
}
