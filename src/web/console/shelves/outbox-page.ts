import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { field } from '../html/form.ts';
import { messagePage } from '../html/message-page.ts';
import { pager } from '../html/pager.ts';
import { timeText } from '../html/time-text.ts';
import type { OutboxPage } from './console-outbox.ts';
import { folderList, folderTitle, outboxPath } from './outbox-folders.ts';

const longestSearch = 200;

/** `/outbox` and `/outbox/FOLDER`: the mails of one folder, of the newest where none is named. */
export async function outboxPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { outbox, relay } = app.shelves;
  const folders = await outbox.listFolders();
  const folder = request.params['folder'] ?? folders[0]?.name ?? null;
  const words = (request.query.get('q') ?? '').trim().slice(0, longestSearch);
  const search = { after: request.query.get('after') ?? '', words };
  const page = folder === null ? null : await outbox.listMails(folder, search);
  if (request.params['folder'] !== undefined && page === null) return messagePage(request, 'not_found');
  return consolePage(request, {
    title: 'Outbox',
    section: 'outbox',
    main: html`${whereMailGoes(relay)}
${
  folder === null || page === null
    ? html`<p>No mail has been written yet.</p>`
    : html`<div class="mailbox">${folderList(request, folders, folder)}
<section class="card" aria-labelledby="folder"><header><h2 id="folder"><bdi>${folderTitle(folder)}</bdi></h2></header>
${searchForm(request, folder, words)}
${mailList(request, folder, page, words)}
${pager(request, outboxPath(folder), page.next)}
</section></div>`
}`,
  });
}

function whereMailGoes(relay: string | null): Html {
  return relay === null
    ? html`<p class="lead">No relay is configured, so no mail leaves this machine. These are the mails as readers would get them.</p>`
    : html`<div class="note"><p>Mail leaves by <bdi>${relay}</bdi>. What stands here was written before, or by a command with <code>--outbox</code>.</p></div>`;
}

function searchForm({ consolePath }: ConsoleRequest, folder: string, words: string): Html {
  return html`<form class="row shelf-search" role="search" action="${consolePath(outboxPath(folder))}">${field({ name: 'q', label: 'Address or subject', value: words, type: 'search' })}<button class="button">Search</button>${
    words === '' ? nothing : html`<a class="button" href="${consolePath(outboxPath(folder))}">All mails</a>`
  }</form>`;
}

function mailList(request: ConsoleRequest, folder: string, { mails, next, cutAt }: OutboxPage, words: string): Html {
  const { consolePath, operator } = request;
  const cut =
    cutAt === null
      ? nothing
      : html`<p class="help">The folder holds more than ${cutAt.toLocaleString('en')} mails; only so many were looked at.</p>`;
  const more =
    words === '' || next === null
      ? nothing
      : html`<p class="help">There may be more: a search looks at a part of the folder at a time. “Next page” goes on.</p>`;
  if (mails.length === 0) return html`<p>${words === '' ? 'No mail here.' : 'No such mail.'}</p>${more}${cut}`;
  return html`<ul class="mails">${mails.map(
    ({ file, to, subject, date }) =>
      html`<li><a href="${consolePath(outboxPath(folder, file))}" dir="auto">${subject === '' ? 'No subject' : subject}</a><p><bdi>${to}</bdi> <small>${timeText(operator, date)}</small></p></li>`,
  )}</ul>${more}${cut}`;
}
