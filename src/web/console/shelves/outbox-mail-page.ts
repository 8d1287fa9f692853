import { type Html, html, nothing } from '../../html/html.ts';
import { type MailParts, parseMail } from '../../mail-parts.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { mailAnswer, mailFrame } from '../html/mail-frame.ts';
import { messagePage } from '../html/message-page.ts';
import { folderTitle, outboxPath } from './outbox-folders.ts';

/** How a mail is shown. */
const shapes = { wide: 'Desktop', phone: 'Phone', text: 'Plain text', headers: 'Headers', source: 'Source' } as const;

type Shape = keyof typeof shapes;

/** `/outbox/FOLDER/FILE`: one mail as its reader would see it, as plain text, its headers, or as it stands on disk. */
export async function outboxMailPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { folder = '', file = '' } = request.params;
  const found = await app.shelves.outbox.read(folder, file);
  if (found === null) return messagePage(request, 'not_found');
  const mail = parseMail(found.message);
  const asked = request.query.get('as') ?? '';
  const shape = isShape(asked) ? asked : mail.html === '' ? 'text' : 'wide';
  const path = request.consolePath(outboxPath(folder, file));
  return consolePage(request, {
    title: mail.subject === '' ? 'No subject' : mail.subject,
    titleLang: languageOf(mail),
    section: 'outbox',
    aside: html`to <bdi>${mail.to}</bdi>`,
    main: html`<p class="back"><a href="${request.consolePath(outboxPath(folder))}"><bdi>${folderTitle(folder)}</bdi></a></p>
<nav class="shapes" aria-label="Shown as"><ul>${Object.entries(shapes).map(
      ([name, title]) =>
        html`<li><a class="button" href="${path}?as=${name}"${name === shape ? html` aria-current="page"` : nothing}>${title}</a></li>`,
    )}${mail.html === '' ? nothing : html`<li><a class="button" href="${path}/html" target="_blank">New tab</a></li>`}</ul></nav>
${drawn(mail, shape, `${path}/html`, found.envelope)}`,
  });
}

/** `/outbox/FOLDER/FILE/html`: what the frame shows. */
export async function outboxMailHtml(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { folder = '', file = '' } = request.params;
  const found = await app.shelves.outbox.read(folder, file);
  const mail = found === null ? null : parseMail(found.message);
  return mail === null || mail.html === '' ? messagePage(request, 'not_found') : mailAnswer(mail.html);
}

function drawn(mail: MailParts, shape: Shape, htmlPath: string, envelope: string | null): Html {
  switch (shape) {
    case 'wide':
    case 'phone':
      return mail.html === '' ? html`<p>The mail has no HTML.</p>` : mailFrame(htmlPath, mail.subject, shape);
    case 'text':
      return source(mail.text);
    case 'source':
      return source(mail.source);
    case 'headers':
      return html`${envelope === null ? nothing : headerCard('envelope', 'Envelope', readEnvelope(envelope))}${headerCard('fields', 'Headers', mail.headers)}`;
    default:
      return shape satisfies never;
  }
}

/** As the mail says it; null where it doesn't. */
function languageOf({ headers }: MailParts): string | null {
  const [, lang = ''] = headers.find(([name]) => name.toLowerCase() === 'content-language') ?? [];
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(lang) ? lang : null;
}

function headerCard(id: string, title: string, fields: MailParts['headers']): Html {
  return html`<section class="card" aria-labelledby="${id}"><header><h2 id="${id}">${title}</h2></header><dl class="headers">${fields.map(
    ([name, value]) => html`<dt><bdi>${name}</bdi></dt><dd dir="auto">${value}</dd>`,
  )}</dl></section>`;
}

/** The JSON object beside a mail; as it stands where it is none. */
function readEnvelope(text: string): [name: string, value: string][] {
  try {
    const envelope: unknown = JSON.parse(text);
    if (typeof envelope === 'object' && envelope !== null) {
      return Object.entries(envelope).map(([name, value]) => [name, String(value)]);
    }
  } catch {
    // shown as it stands
  }
  return [['as written', text]];
}

function source(text: string): Html {
  return html`<pre class="mail-source" dir="auto" tabindex="0">${text}</pre>`;
}

function isShape(text: string): text is Shape {
  return Object.hasOwn(shapes, text);
}
