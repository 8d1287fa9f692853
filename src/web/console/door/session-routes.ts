import type { ConsoleRoute } from '../console-route.ts';
import { dropCookie } from '../cookies.ts';
import { messagePage } from '../html/message-page.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleDoor } from './console-door.ts';

/** Signing out, here or elsewhere. */
export function sessionRoutes(door: ConsoleDoor): ConsoleRoute[] {
  return [
    {
      method: 'POST',
      path: '/sign-out',
      right: 'account:own',
      async answer(request) {
        await door.endSession(request.session.id);
        const answer = seeOther(request, '/sign-in', 'You are signed out.');
        answer.headers.append('set-cookie', dropCookie(request.site, 'session'));
        return answer;
      },
    },
    {
      method: 'POST',
      path: '/account/sessions/:id/end',
      right: 'account:own',
      async answer(request) {
        const ended = await door.account.endSession(request.operator, Number(request.params['id']));
        return ended ? seeOther(request, '/account', 'That session has ended.') : messagePage(request, 'not_found');
      },
    },
    {
      method: 'POST',
      path: '/account/sessions/end-others',
      right: 'account:own',
      async answer(request) {
        await door.account.endOtherSessions(request.session);
        return seeOther(request, '/account', 'All your other sessions have ended.');
      },
    },
  ];
}
