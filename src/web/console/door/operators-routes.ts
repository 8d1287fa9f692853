import { AppError } from '../../../errors.ts';
import { type KnownOperator, type Operator, type Role, roles } from '../../../operators/index.ts';
import { html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { consolePage } from '../html/console-page.ts';
import type { FieldErrors } from '../html/form.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleDoor } from './console-door.ts';
import { operatorPage, operatorsPage } from './operator-pages.ts';
import { welcomeUrlOf } from './welcome-url.ts';

/** `/console/operators`: who may sign in, and as what. */
export function operatorsRoutes({ desk }: ConsoleDoor): ConsoleRoute[] {
  const right = 'operators:manage';
  const showList = async (request: ConsoleRequest, form: { email: string; role: string }, errors: FieldErrors) =>
    operatorsPage(request, await desk.list(), form, errors);
  const showOne = async (
    request: ConsoleRequest,
    operator: Operator,
    errors: FieldErrors,
    role: string = operator.role,
  ) => operatorPage(request, getListed(await desk.list(), operator), { role, errors });

  /** Does it where it is confirmed; what stands in its way is said beside the field. */
  async function confirmed(
    request: ConsoleRequest,
    operator: Operator,
    field: string,
    act: () => Promise<Response>,
  ): Promise<Response> {
    if (!(await request.form()).has(field)) return refused(showOne(request, operator, { [field]: 'Tick the box.' }));
    return orRefused(field, act, (errors) => showOne(request, operator, errors));
  }

  return [
    {
      method: 'GET',
      path: '/operators',
      right,
      answer: (request) => showList(request, { email: '', role: 'editor' }, {}),
    },
    {
      method: 'POST',
      path: '/operators',
      right,
      async answer(request) {
        const form = await request.form();
        const wish = { email: form.get('email') ?? '', role: form.get('role') ?? '' };
        const role = roleOf(wish.role);
        if (role === null) return refused(showList(request, wish, { role: 'Choose one of the roles.' }));
        return orRefused(
          'email',
          async () => {
            const { operator, token } = await desk.invite(request.operator, { email: wish.email, role });
            return linkPage(request, operator, token);
          },
          (errors) => showList(request, wish, errors),
        );
      },
    },
    {
      method: 'GET',
      path: '/operators/:id',
      right,
      answer: async (request) => showOne(request, await desk.get(idOf(request)), {}),
    },
    {
      method: 'POST',
      path: '/operators/:id/role',
      right,
      async answer(request) {
        const operator = await desk.get(idOf(request));
        const wish = (await request.form()).get('role') ?? '';
        const role = roleOf(wish);
        if (role === null) return refused(showOne(request, operator, { role: 'Choose one of the roles.' }));
        return orRefused(
          'role',
          async () => {
            await desk.changeRole(request.operator, operator.id, role);
            return seeOther(request, '/operators', `${operator.email} is ${role} now.`);
          },
          (errors) => showOne(request, operator, errors, wish),
        );
      },
    },
    {
      method: 'POST',
      path: '/operators/:id/reset',
      right,
      async answer(request) {
        const operator = await desk.get(idOf(request));
        return confirmed(request, operator, 'reset', async () => {
          if (operator.id === request.operator.id) {
            throw new AppError('conflict', 'Change your own password and codes under Account.');
          }
          return linkPage(request, operator, await desk.reset(request.operator, operator.id));
        });
      },
    },
    {
      method: 'POST',
      path: '/operators/:id/remove',
      right,
      async answer(request) {
        const operator = await desk.get(idOf(request));
        return confirmed(request, operator, 'remove', async () => {
          await desk.remove(request.operator, operator.id);
          return seeOther(request, '/operators', `${operator.email} is no operator any more.`);
        });
      },
    },
  ];
}

function idOf({ params }: ConsoleRequest): number {
  return /^\d{1,9}$/.test(params['id'] ?? '') ? Number(params['id']) : -1;
}

function roleOf(text: string): Role | null {
  return roles.find((role) => role === text) ?? null;
}

function getListed(operators: readonly KnownOperator[], { id }: Operator): KnownOperator {
  const found = operators.find(({ operator }) => operator.id === id);
  if (found === undefined) throw new AppError('not_found', 'There is no such operator (any more).');
  return found;
}

/** What somebody can mend is said beside the field; anything else is thrown on. */
async function orRefused(
  field: string,
  act: () => Promise<Response>,
  page: (errors: FieldErrors) => Promise<Response>,
): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.code)) throw error;
    return refused(page({ [field]: error.message }));
  }
}

/** The answer itself, so that the link is seen once. */
function linkPage(request: ConsoleRequest, { email, role }: Operator, token: string): Promise<Response> {
  const link = welcomeUrlOf(request.site, token);
  return consolePage(request, {
    title: 'A link for one operator',
    section: 'operators',
    main: html`<section class="card narrow"><p>With this link <bdi>${email}</bdi> (${role}) sets a name and a password. It works once, for a day, and is not shown again: hand it over yourself, by a way that you trust. Nothing is mailed.</p>
<p><code class="key">${link}</code></p>
<div class="acts"><a class="button" href="${request.consolePath('/operators')}">Operators</a></div></section>`,
  });
}
