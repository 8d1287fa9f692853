import type { SessionOrigin } from '../../../operators/index.ts';
import type { AnyRequest } from '../console-request.ts';
import { setCookie } from '../cookies.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleDoor } from './console-door.ts';

/** Where a request comes from, for the list of sessions. */
export function originOf({ client, headers }: AnyRequest): SessionOrigin {
  return { client, agent: headers.get('user-agent') ?? '' };
}

/** Goes on with a session that has just begun; the one that this browser had before ends. */
export async function enter(
  door: ConsoleDoor,
  request: AnyRequest,
  token: string,
  path: string,
  notice?: string,
): Promise<Response> {
  if (request.operator !== null) await door.endSession(request.session.id);
  const answer = seeOther(request, path, notice);
  answer.headers.append('set-cookie', setCookie(request.site, 'session', token));
  return answer;
}
