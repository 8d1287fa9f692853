import type { Session } from '../../../operators/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleDoor } from './console-door.ts';
import { timezoneField } from './timezone-field.ts';

/** `/console/account`: one's own name, zone, password and sessions. */
export function accountRoutes(door: ConsoleDoor): ConsoleRoute[] {
  return [
    {
      method: 'GET',
      path: '/account',
      right: 'account:own',
      answer: (request) => accountPage(door, request, request.operator, {}),
    },
    {
      method: 'POST',
      path: '/account',
      right: 'account:own',
      async answer(request) {
        const form = await request.form();
        const typed = { name: form.get('name') ?? '', timezone: form.get('timezone') ?? '' };
        const faults = await door.account.setProfile(request.operator, typed);
        if (Object.keys(faults).length > 0) return refused(accountPage(door, request, typed, faults));
        return seeOther(request, '/account', 'Saved.');
      },
    },
    {
      method: 'GET',
      path: '/account/password',
      right: 'account:own',
      answer: (request) => passwordPage(request, {}),
    },
    {
      method: 'POST',
      path: '/account/password',
      right: 'account:own',
      async answer(request) {
        const form = await request.form();
        const typed = { current: form.get('current') ?? '', password: form.get('password') ?? '' };
        const faults = await door.account.changePassword(request.session, typed);
        if (Object.keys(faults).length > 0) return refused(passwordPage(request, faults));
        return seeOther(request, '/account', 'Your password is changed; your other sessions have ended.');
      },
    },
  ];
}

async function accountPage(
  door: ConsoleDoor,
  request: ConsoleRequest,
  form: { readonly name: string; readonly timezone: string },
  errors: FieldErrors,
): Promise<Response> {
  const { operator, session, consolePath } = request;
  const codes = await door.account.countRecoveryCodes(operator);
  const sessions = await door.account.listSessions(operator);
  return consolePage(request, {
    title: 'Account',
    section: 'account',
    aside: html`<bdi>${operator.email}</bdi> · ${operator.role}`,
    main: html`${errorSummary(errors)}<div class="cards two">
<section class="card" aria-labelledby="you"><header><h2 id="you">You</h2></header>
<form method="post" action="${consolePath('/account')}">
${field({ name: 'name', label: 'Name', value: form.name, errors, autocomplete: 'name', required: true })}
${timezoneField(form.timezone, errors)}
<button class="button main">Save</button></form></section>
<section class="card" aria-labelledby="keys"><header><h2 id="keys">Signing in</h2></header>
<p>${session.hasTotp ? html`It takes your password and a code. ${codes === 1 ? '1 recovery code is' : `${codes} recovery codes are`} left.` : 'It takes your password alone. Set up an authenticator app, so that a password that leaks is no key.'}</p>
<div class="acts"><a class="button" href="${consolePath('/account/password')}">Change the password</a>
<a class="button" href="${consolePath('/account/authenticator')}">${session.hasTotp ? 'Use another authenticator app' : 'Set up an authenticator app'}</a>
${session.hasTotp ? html`<a class="button" href="${consolePath('/account/recovery')}">New recovery codes</a>` : nothing}</div></section>
<section class="card span" aria-labelledby="sessions"><header><h2 id="sessions">Sessions</h2><p>They end after half an hour without a page, and after twelve hours.</p></header>
${sessionTable(request, sessions)}
<div class="acts">${sessions.length < 2 ? nothing : html`<form method="post" action="${consolePath('/account/sessions/end-others')}"><button class="button">End all others</button></form>`}
<form method="post" action="${consolePath('/sign-out')}"><button class="button">Sign out</button></form></div></section>
</div>`,
  });
}

function sessionTable({ operator, session, consolePath }: ConsoleRequest, sessions: readonly Session[]): Html {
  const rows = sessions.map(({ id, agent, client, begunAt, seenAt }) => [
    html`<bdi>${agent === '' ? 'a program without a name' : agent}</bdi>`,
    client === null ? 'nearby' : html`<bdi>${client}</bdi>`,
    timeText(operator, begunAt),
    timeText(operator, seenAt),
    id === session.id
      ? 'this one'
      : html`<form method="post" action="${consolePath(`/account/sessions/${id}/end`)}"><button class="plain">End</button></form>`,
  ]);
  const columns = ['Browser', 'From', 'Begun', 'Last seen', 'Ends'].map((title) => ({ title }));
  return table('Sessions', columns, rows);
}

function passwordPage(request: ConsoleRequest, errors: FieldErrors): Promise<Response> {
  return consolePage(request, {
    title: 'Change the password',
    section: 'account',
    main: html`<form class="card narrow" method="post" action="${request.consolePath('/account/password')}">
${errorSummary(errors)}
<input type="hidden" name="email" autocomplete="username" value="${request.operator.email}">
${field({ name: 'current', label: 'The password until now', type: 'password', errors, autocomplete: 'current-password', required: true, autofocus: true })}
${field({ name: 'password', label: 'The new one', type: 'password', errors, autocomplete: 'new-password', required: true, help: 'At least 12 characters. A few words that only you put together are good.' })}
<p class="help">Your other sessions end.</p>
<button class="button main">Change it</button></form>`,
  });
}
