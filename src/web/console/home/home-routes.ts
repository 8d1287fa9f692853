import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import { timeText } from '../html/time-text.ts';
import { seeOther } from '../see-other.ts';
import { lastPart } from './last-part.ts';
import { type LivePart, livePart, liveParts, refreshedPart } from './live-part.ts';
import { needsPart } from './needs-part.ts';
import { nextPart } from './next-part.ts';
import { readersPart } from './readers-part.ts';

const parts = { needs: needsPart, next: nextPart, last: lastPart } as const satisfies Record<LivePart, unknown>;

/** The desk: what needs a person, what happens next, what happened last, readers over time. */
export function homeRoutes({ home, audit }: ConsoleApp): ConsoleRoute[] {
  const live = async (request: ConsoleRequest, name: LivePart) =>
    livePart(request, name, await parts[name](request, home));
  return [
    {
      method: 'GET',
      path: '/',
      right: 'editions:view',
      async answer(request) {
        const { operator, now } = request;
        return consolePage(request, {
          title: 'Desk',
          section: 'desk',
          aside: timeText(operator, now),
          main: html`<div class="cards two"><div class="span">${await live(request, 'needs')}</div>
<div class="span">${await live(request, 'next')}</div>
<div>${await live(request, 'last')}</div>
<div>${await readersPart(request, home)}</div></div>`,
        });
      },
    },
    ...liveParts.map(
      (name): ConsoleRoute => ({
        method: 'GET',
        path: `/desk/${name}`,
        right: 'editions:view',
        answer: async (request) => refreshedPart(request, name, await parts[name](request, home)),
      }),
    ),
    {
      method: 'POST',
      path: '/desk/doctor',
      right: 'editions:send',
      async answer(request) {
        const { operator } = request;
        // It takes seconds: the page shows what is found once it asks for itself again.
        await audit.around({ operator, action: 'doctor.look', subject: 'doctor' }, () => void home.doctor.look());
        return seeOther(request, '/', 'DNS, relay, clock and disk are being looked at.');
      },
    },
  ];
}
