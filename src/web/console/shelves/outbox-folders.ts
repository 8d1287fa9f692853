import type { Attempt } from '../../../delivery/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';
import type { OutboxFolder } from './console-outbox.ts';

type LetterKind = Exclude<Attempt['kind'], 'digest'>;

const kinds: Readonly<Record<LetterKind, string>> = {
  confirm: 'Confirmations of sign-ups',
  already: 'Sign-ups of readers we have',
  welcome: 'Welcomes',
  link: 'Links to preferences',
  address: 'Changes of address',
  'new-address': 'Confirmations of new addresses',
  data: 'Own data',
  erase: 'Confirmations of erasure',
  test: 'Test copies',
  notice: 'Notices to operators',
};

/** Folders beside the mails; the rest is a page away. */
const shown = 20;

/** What the mails of a folder are. */
export function folderTitle(name: string): string {
  return isKind(name) ? kinds[name] : name;
}

export function outboxPath(...parts: readonly string[]): string {
  return ['/outbox', ...parts.map(encodeURIComponent)].join('/');
}

/**
 * The folders, newest first, some at a time.
 *
 * @param current the one whose mails are listed.
 */
export function folderList(request: ConsoleRequest, folders: readonly OutboxFolder[], current: string): Html {
  const { consolePath, query, operator } = request;
  const from = folders.findIndex(({ name }) => name === query.get('folders')) + 1;
  const some = folders.slice(from, from + shown);
  const last = from + shown < folders.length ? some.at(-1) : undefined;
  return html`<nav class="folders" aria-label="Folders"><ul>${some.map(
    ({ name, changedAt }) =>
      html`<li><a href="${consolePath(outboxPath(name))}${from === 0 ? nothing : `?folders=${encodeURIComponent(query.get('folders') ?? '')}`}"${name === current ? html` aria-current="page"` : nothing}><bdi>${folderTitle(name)}</bdi></a><small>${timeText(operator, changedAt)}</small></li>`,
  )}</ul>${from === 0 ? nothing : html`<p><a href="${consolePath(outboxPath(current))}">Newest folders</a></p>`}${
    last
      ? html`<p><a href="${consolePath(outboxPath(current))}?folders=${encodeURIComponent(last.name)}">Older folders</a></p>`
      : nothing
  }</nav>`;
}

function isKind(name: string): name is LetterKind {
  return Object.hasOwn(kinds, name);
}
