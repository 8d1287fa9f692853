import { createTotpSecret, totpUri } from '../../../operators/index.ts';
import { localized } from '../../../site.ts';
import { html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { refused } from '../refused.ts';
import type { ConsoleDoor } from './console-door.ts';
import { qrCode } from './qr-code.ts';

/** The authenticator app and recovery codes. */
export function authenticatorRoutes(door: ConsoleDoor): ConsoleRoute[] {
  return [
    {
      method: 'GET',
      path: '/account/authenticator',
      hasSecret: true,
      right: 'account:own',
      answer: (request) => authenticatorPage(door, request, createTotpSecret(), {}),
    },
    {
      method: 'POST',
      path: '/account/authenticator',
      right: 'account:own',
      async answer(request) {
        const form = await request.form();
        const secret = form.get('secret') ?? '';
        const typed = { secret, code: form.get('code') ?? '', current: form.get('current') ?? '' };
        const enrolled = await door.account.enrol(request.session, typed);
        if ('codes' in enrolled) return codesPage(request, enrolled.codes);
        const kept = /^[A-Z2-7]{32}$/.test(secret) ? secret : createTotpSecret();
        return refused(authenticatorPage(door, request, kept, enrolled.faults));
      },
    },
    {
      method: 'GET',
      path: '/account/recovery',
      right: 'account:own',
      answer: (request) => recoveryPage(request, {}),
    },
    {
      method: 'POST',
      path: '/account/recovery',
      right: 'account:own',
      async answer(request) {
        const current = (await request.form()).get('current') ?? '';
        const renewed = await door.account.renewCodes(request.session, { current });
        if ('codes' in renewed) return codesPage(request, renewed.codes);
        return refused(recoveryPage(request, renewed.faults));
      },
    },
  ];
}

function authenticatorPage(
  door: ConsoleDoor,
  request: ConsoleRequest,
  secret: string,
  errors: FieldErrors,
): Promise<Response> {
  const { site, operator, session, consolePath } = request;
  // A colon parts issuer and account for the apps.
  const issuer = localized(site.title, 'en', site).replaceAll(':', ' ');
  const spaced = secret.replace(/(.{4})(?=.)/g, '$1 ');
  return consolePage(request, {
    title: 'Set up an authenticator app',
    section: 'account',
    main: html`<form class="card narrow" method="post" action="${consolePath('/account/authenticator')}">
${errorSummary(errors)}
<p>Let an authenticator app on your phone read this picture, or type the key into it. From then on signing in takes your password and the app’s code.</p>
${qrCode(totpUri(secret, issuer, operator.email), 'QR code of the key below')}
<p>Key: <code class="key">${spaced}</code></p>
<input type="hidden" name="secret" value="${secret}">
${field({ name: 'code', label: 'The code that the app shows now', errors, autocomplete: 'one-time-code', inputmode: 'numeric', required: true })}
${
  door.account.asksPassword(session)
    ? field({
        name: 'current',
        label: 'Your password',
        type: 'password',
        errors,
        autocomplete: 'current-password',
        required: true,
      })
    : nothing
}
<div class="acts"><button class="button main">Confirm</button>
${session.hasTotp || door.requiresTotp ? nothing : html`<a class="button" href="${consolePath('/')}">Later</a>`}</div>
${door.requiresTotp && !session.hasTotp ? html`<p class="help">Mail leaves through a relay: nothing else can be done before this.</p>` : nothing}
</form>`,
  });
}

function recoveryPage(request: ConsoleRequest, errors: FieldErrors): Promise<Response> {
  return consolePage(request, {
    title: 'New recovery codes',
    section: 'account',
    main: html`<form class="card narrow" method="post" action="${request.consolePath('/account/recovery')}">
${errorSummary(errors)}
<p>The codes until now are void as soon as there are new ones.</p>
${field({ name: 'current', label: 'Your password', type: 'password', errors, autocomplete: 'current-password', required: true, autofocus: true })}
<button class="button main">Make them</button></form>`,
  });
}

/** The answer itself, so that they are seen once: a reload has no code that still counts. */
function codesPage(request: ConsoleRequest, codes: readonly string[]): Promise<Response> {
  return consolePage(request, {
    title: 'Keep your recovery codes',
    section: 'account',
    main: html`<section class="card narrow"><p>Each signs you in once, in place of the app’s code, for when the phone is gone. They are not shown again: print them, or put them into your password manager.</p>
<ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<div class="acts"><a class="button main" href="${request.consolePath('/')}">I have kept them</a></div></section>`,
  });
}
