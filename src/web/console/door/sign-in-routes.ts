import { html, nothing } from '../../html/html.ts';
import type { AnyRequest } from '../console-request.ts';
import type { OpenRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import { field } from '../html/form.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleDoor } from './console-door.ts';
import { enter, originOf } from './enter.ts';
import { nextPath } from './next-path.ts';

/** `/console/sign-in`: address, password and code at once, so that no answer tells which of them was right. */
export function signInRoutes(door: ConsoleDoor): OpenRoute[] {
  return [
    {
      method: 'GET',
      path: '/sign-in',
      answer(request) {
        const next = nextPath(request.query.get('next'));
        return request.operator === null ? signInPage(request, { next }) : seeOther(request, next);
      },
    },
    {
      method: 'POST',
      path: '/sign-in',
      async answer(request) {
        const form = await request.form();
        const next = nextPath(form.get('next'));
        const [email, password, code] = ['email', 'password', 'code'].map((name) => form.get(name) ?? '');
        const typed = { email: email ?? '', password: password ?? '', code: code ?? '' };
        const outcome = await door.signIn(typed, originOf(request));
        switch (outcome.kind) {
          case 'in': {
            const { token, codesLeft, refusedBefore } = outcome;
            const said = [
              ...(refusedBefore === 0 ? [] : [refusedBeforeSentence(refusedBefore)]),
              ...(codesLeft === null ? [] : [usedCodeSentence(codesLeft)]),
            ];
            return enter(door, request, token, next, said.length === 0 ? undefined : said.join(' '));
          }
          case 'refused':
            return signInPage(request, { next, email, status: 422, fault: refusedSentence });
          case 'wait': {
            const fault = waitSentence(outcome.seconds);
            const page = await signInPage(request, { next, email, status: 429, fault });
            page.headers.set('retry-after', String(outcome.seconds));
            return page;
          }
          default:
            return outcome satisfies never;
        }
      },
    },
  ];
}

const refusedSentence =
  'Address, password and code don’t belong together. A code counts once: wait for the next one of the app.';

function waitSentence(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `That was wrong too often. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
}

function refusedBeforeSentence(tries: number): string {
  const were = tries === 1 ? 'One try to sign in as you was' : `${tries} tries to sign in as you were`;
  return `${were} refused before this. If it wasn’t you, change your password under Account.`;
}

function usedCodeSentence(left: number): string {
  const rest = left === 1 ? '1 recovery code is' : `${left} recovery codes are`;
  return `You signed in with a recovery code, which is used up; ${rest} left. Make new ones under Account.`;
}

interface SignInForm {
  readonly next: string;
  readonly email?: string | undefined;
  readonly fault?: string;
  readonly status?: number;
}

function signInPage(request: AnyRequest, { next, email = '', fault, status = 200 }: SignInForm): Promise<Response> {
  // Which of them is wrong isn’t told; all three are read out with what is.
  const told = fault === undefined ? {} : { faultId: 'fault' };
  return consolePage(request, {
    title: 'Sign in',
    section: null,
    status,
    main: html`<form class="card narrow" method="post" action="${request.consolePath('/sign-in')}">
${fault === undefined ? nothing : html`<div class="note bad" id="fault" role="alert"><p>${fault}</p></div>`}
<input type="hidden" name="next" value="${next}">
${field({ name: 'email', label: 'Email', type: 'email', value: email, autocomplete: 'username', required: true, autofocus: email === '', ...told })}
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', required: true, autofocus: email !== '', ...told })}
${field({ name: 'code', label: 'Code', autocomplete: 'one-time-code', help: 'From your authenticator app, or a recovery code. Leave it empty where you have set up none.', ...told })}
<button class="button main">Sign in</button>
<p class="help">Forgotten? An owner can make you a new link under Operators; on the server, <code>silkpost operators reset EMAIL</code> does.</p>
</form>`,
  });
}
