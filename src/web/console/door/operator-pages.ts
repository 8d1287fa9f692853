import { type KnownOperator, roles } from '../../../operators/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field, selectField, tick } from '../html/form.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';

const meanings = {
  owner: 'owner: everything',
  editor: 'editor: composes editions',
  sender: 'sender: composes, approves and sends editions, looks at readers',
  viewer: 'viewer: looks at editions and articles',
} as const;

const roleOptions = roles.map((role) => ({ value: role, label: meanings[role] }));

/** All operators, and the form that invites one more. */
export function operatorsPage(
  request: ConsoleRequest,
  operators: readonly KnownOperator[],
  form: { readonly email: string; readonly role: string },
  errors: FieldErrors,
): Promise<Response> {
  const { consolePath } = request;
  const rows = operators.map((listed) => [
    html`<a href="${consolePath(`/operators/${listed.operator.id}`)}"><bdi>${listed.operator.name}</bdi></a>`,
    html`<bdi>${listed.operator.email}</bdi>`,
    listed.operator.role,
    stateOf(listed),
    listed.refused === null
      ? '–'
      : html`<span class="waiting">${listed.refused.tries}</span>, last ${timeText(request.operator, listed.refused.lastAt)}`,
    listed.seenAt === null ? 'not signed in' : timeText(request.operator, listed.seenAt),
  ]);
  const columns = ['Name', 'Email', 'Role', 'Signs in with', 'Refused sign-ins', 'Last seen'].map((title) => ({
    title,
  }));
  return consolePage(request, {
    title: 'Operators',
    section: 'operators',
    main: html`${errorSummary(errors)}<section class="card" aria-labelledby="all"><header><h2 id="all">Who may sign in</h2></header>
${table('Operators', columns, rows)}</section>
<section class="card" aria-labelledby="invite"><header><h2 id="invite">Invite somebody</h2></header>
<form method="post" action="${consolePath('/operators')}">
${field({ name: 'email', label: 'Email', type: 'email', value: form.email, errors, required: true })}
${selectField({ name: 'role', label: 'Role', value: form.role, errors, options: roleOptions })}
<button class="button main">Make a link</button></form></section>`,
  });
}

function stateOf({ passwordHash, totp }: KnownOperator): string {
  if (passwordHash === null) return 'nothing yet: the link is open';
  if (totp === null) return 'a password';
  return totp.secret === null ? 'a password and a code that can’t be checked' : 'a password and a code';
}

/** One operator, and what an owner can do about them. */
export function operatorPage(
  request: ConsoleRequest,
  { operator, createdAt, refused }: KnownOperator,
  { role, errors }: { readonly role: string; readonly errors: FieldErrors },
): Promise<Response> {
  const { consolePath } = request;
  const at = (deed: string): string => consolePath(`/operators/${operator.id}/${deed}`);
  return consolePage(request, {
    title: operator.name,
    section: 'operators',
    aside: html`<bdi>${operator.email}</bdi> · since ${timeText(request.operator, createdAt)}`,
    main: html`${errorSummary(errors)}${refused === null ? nothing : refusedNote(request, operator, refused)}<div class="cards">
<section class="card" aria-labelledby="of-role"><header><h2 id="of-role">Role</h2></header>
<form method="post" action="${at('role')}">${selectField({ name: 'role', label: 'May do', value: role, errors, options: roleOptions })}
<button class="button main">Change it</button></form></section>
<section class="card" aria-labelledby="of-reset"><header><h2 id="of-reset">Password or phone lost</h2></header>
<p>A new link lets them set a password anew. Until then they can’t sign in; their sessions end now.</p>
<form method="post" action="${at('reset')}">${tick({ name: 'reset', label: 'End their sessions, password and codes', errors })}
<button class="button">Make a new link</button></form></section>
<section class="card" aria-labelledby="of-remove"><header><h2 id="of-remove">Remove</h2></header>
<p>What they did stays in the <a href="${consolePath(`/audit?actor=${encodeURIComponent(operator.email)}`)}">audit log</a> under their name.</p>
<form method="post" action="${at('remove')}">${tick({ name: 'remove', label: 'They are no operator any more', errors })}
<button class="button danger">Remove</button></form></section></div>`,
  });
}

function refusedNote(
  { operator: viewer, consolePath }: ConsoleRequest,
  { id }: KnownOperator['operator'],
  { tries, lastAt }: NonNullable<KnownOperator['refused']>,
): Html {
  const were = tries === 1 ? 'One try to sign in as them was' : `${tries} tries to sign in as them were`;
  return html`<div class="note"><p>${were} refused since they did, the last ${timeText(viewer, lastAt)}. The program’s log says from where; the <a href="${consolePath(`/audit?action=sessions.refused&subject=operator+${id}`)}">audit log</a> where there were many, or where the password was right.</p></div>`;
}
