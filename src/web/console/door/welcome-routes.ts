import type { Operator } from '../../../operators/index.ts';
import { html, nothing } from '../../html/html.ts';
import type { AnyRequest } from '../console-request.ts';
import type { OpenRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field } from '../html/form.ts';
import { refused } from '../refused.ts';
import type { ConsoleDoor } from './console-door.ts';
import { enter, originOf } from './enter.ts';
import { timezoneField } from './timezone-field.ts';

/** `/console/welcome/TOKEN`: a one-time link by which an operator sets name and password. Looking uses nothing up. */
export function welcomeRoutes(door: ConsoleDoor): OpenRoute[] {
  return [
    {
      method: 'GET',
      path: '/welcome/:token',
      async answer(request) {
        const whose = await door.welcome.find(request.params['token'] ?? '');
        return whose === undefined ? voidPage(request) : welcomePage(request, whose, formOf(request, whose), {});
      },
    },
    {
      method: 'POST',
      path: '/welcome/:token',
      async answer(request) {
        const token = request.params['token'] ?? '';
        const form = await request.form();
        const newcomer = {
          email: form.get('email') ?? '',
          name: form.get('name') ?? '',
          password: form.get('password') ?? '',
          timezone: form.get('timezone') ?? '',
        };
        const welcomed = await door.welcome.use(token, newcomer, originOf(request));
        switch (welcomed.kind) {
          case 'in':
            return enter(door, request, welcomed.token, '/account/authenticator');
          case 'faults': {
            const whose = await door.welcome.find(token);
            return refused(welcomePage(request, whose ?? null, newcomer, welcomed.faults));
          }
          case 'void':
            return voidPage(request);
          default:
            return welcomed satisfies never;
        }
      },
    },
  ];
}

interface WelcomeForm {
  readonly email: string;
  readonly name: string;
  readonly timezone: string;
}

function formOf({ site }: AnyRequest, whose: Operator | null): WelcomeForm {
  if (whose === null) return { email: '', name: '', timezone: site.timezone };
  return { ...whose, name: whose.name === whose.email ? '' : whose.name };
}

function welcomePage(
  request: AnyRequest,
  whose: Operator | null,
  form: WelcomeForm,
  errors: FieldErrors,
): Promise<Response> {
  const path = `/welcome/${encodeURIComponent(request.params['token'] ?? '')}`;
  const title = whose === null ? 'Welcome: become the owner' : 'Welcome: set your password';
  return consolePage(request, {
    title,
    section: null,
    main: html`<form class="card narrow" method="post" action="${request.consolePath(path)}">
${errorSummary(errors)}
<p>${whose === null ? 'The owner may do everything, and invites the others.' : html`You sign in as <bdi>${whose.email}</bdi>; your role is ${whose.role}.`} This link works once.</p>
${field({ name: 'name', label: 'Your name', value: form.name, errors, autocomplete: 'name', required: true, autofocus: true })}
${
  whose === null
    ? field({
        name: 'email',
        label: 'Email',
        type: 'email',
        value: form.email,
        errors,
        autocomplete: 'username',
        required: true,
        help: 'You sign in with it; nothing is sent to it.',
      })
    : html`<input type="hidden" name="email" autocomplete="username" value="${whose.email}">`
}
${timezoneField(form.timezone, errors)}
${field({ name: 'password', label: 'Password', type: 'password', errors, autocomplete: 'new-password', required: true, help: 'At least 12 characters. A few words that only you put together are good.' })}
<button class="button main">Go on</button>
</form>`,
  });
}

function voidPage(request: AnyRequest): Promise<Response> {
  return consolePage(request, {
    title: 'This link doesn’t work (any more)',
    section: null,
    status: 404,
    main: html`<p>It works once, for a day. An owner makes a new one under Operators; on the server, <code>silkpost operators reset EMAIL</code> does, and the next start makes one where there is no operator yet.</p>
${request.operator === null ? html`<p><a class="button" href="${request.consolePath('/sign-in')}">Sign in</a></p>` : nothing}`,
  });
}
