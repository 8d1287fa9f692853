import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { routeMakers } from '../route-makers.ts';
import { cancelPage, decide } from './decide.ts';
import { send } from './send.ts';
import { sendConfirm } from './send-confirm.ts';
import { earlyPage, sendEarly } from './send-early.ts';
import { sendForm } from './send-form.ts';
import { sendPreview, sendPreviewMail } from './send-preview.ts';
import { sendingEvents, sendingPage } from './sending-page.ts';

/** Sending by hand, and what is being sent while it is. */
export function sendingRoutes(app: ConsoleApp): ConsoleRoute[] {
  const deed = (name: Parameters<typeof decide>[2]): ConsoleRoute => ({
    method: 'POST',
    path: `/editions/:id/${name}`,
    right: 'editions:send',
    answer: (request) => decide(app, request, name),
  });
  const { get, post } = routeMakers(app);
  return [
    { ...get('/send', 'editions:send', (_, request) => sendForm(app, request, request.query, {})), hasSecret: true },
    { ...get('/send/confirm', 'editions:send', sendConfirm), hasSecret: true },
    get('/send/preview', 'editions:send', sendPreview),
    get('/send/preview/mail', 'editions:send', sendPreviewMail),
    post('/send', 'editions:send', send),
    get('/editions/:id/sending', 'editions:view', sendingPage),
    get('/editions/:id/sending/events', 'editions:view', sendingEvents),
    get('/editions/:id/cancel', 'editions:send', cancelPage),
    get('/editions/:id/early', 'editions:send', earlyPage),
    post('/editions/:id/early', 'editions:send', sendEarly),
    deed('undo'),
    deed('release'),
    deed('pause'),
    deed('resume'),
    deed('cancel'),
  ];
}
