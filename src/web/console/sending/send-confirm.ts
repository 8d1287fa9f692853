import { unarranged } from '../../../digest/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { confirmPage } from './confirm-page.ts';
import { sendForm } from './send-form.ts';
import type { PlanBrief, SendPlan } from './send-plans.ts';
import { readWishes, type SendWishes } from './send-wishes.ts';

/** While somebody reads the page it stays as it is. */
const shownMs = 5 * 60_000;

/** What a form asks for, worked out; nothing is made. */
export async function sendConfirm(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { sending } = app;
  const read = await readWishes(request.query, {
    ...app,
    ...sending,
    published: sending.published(),
    now: request.now,
  });
  if (!read.ok) return sendForm(app, request, request.query, read.errors);
  return confirmPage(app, request, {
    wishes: read.wishes,
    plan: lookAtPlan(app, read.wishes, shownMs),
    reason: request.query.get('reason') ?? '',
  });
}

/** The same wishes have the same plan, whoever looks at it. */
export function lookAtPlan(app: ConsoleApp, wishes: SendWishes, notOlderThanMs: number): SendPlan {
  return app.sending.plans.look(wishes.query, briefOf(app, wishes), notOlderThanMs);
}

/** What the edition would be made by. */
export function briefOf({ clock }: ConsoleApp, { newsletter, selection, audience, at }: SendWishes): PlanBrief {
  return {
    newsletter: newsletter.name,
    rhythm: 'each',
    key: 'preview',
    dueAt: at ?? clock.now(),
    selection,
    arrangement: unarranged,
    audience,
  };
}
