import { html, nothing } from '../../html/html.ts';
import type { AnyRequest } from '../console-request.ts';
import { consolePage } from './console-page.ts';
import { sentenceText } from './sentence-text.ts';

const messages = {
  not_found: { status: 404, title: 'There is no such page', text: 'Nothing stands at this address.' },
  forbidden: {
    status: 403,
    title: 'Not yours to do',
    text: 'Your role doesn’t include this. An owner can change it under Operators.',
  },
  needs_code: {
    status: 403,
    title: 'Set up your authenticator app first',
    text: 'Nothing was done. Since mail leaves through a relay, signing in takes a code: set it up under Account.',
  },
  signed_out: {
    status: 403,
    title: 'You are signed out',
    text: 'Nothing was done. Sign in, then do it again.',
  },
  foreign: {
    status: 403,
    title: 'Not sent from here',
    text: 'Nothing was done: the form came from another site, or the browser doesn’t say from where. Open the page here and send it again.',
  },
  method: { status: 405, title: 'Not done this way', text: 'Pages are read with GET, and forms are sent with POST.' },
  failed: { status: 500, title: 'Something went wrong', text: 'The program’s log says more.' },
} as const;

/** A page that says one thing: what isn't there, isn't allowed or went wrong. */
export function messagePage(
  request: AnyRequest,
  message: keyof typeof messages,
  more: { readonly status?: number; readonly sentence?: string | null } = {},
): Promise<Response> {
  const { status, title, text } = messages[message];
  const way = request.operator === null ? { path: '/sign-in', name: 'Sign in' } : { path: '/', name: 'Desk' };
  return consolePage(request, {
    title,
    section: null,
    status: more.status ?? status,
    main: html`<p>${sentenceText(more.sentence ?? text)}</p>
${message === 'foreign' ? nothing : html`<p><a class="button" href="${request.consolePath(way.path)}">${way.name}</a></p>`}`,
  });
}
