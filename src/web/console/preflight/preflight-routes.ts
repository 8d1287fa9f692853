import { type Edition, isBlocked } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { editionTitle } from '../html/edition-title.ts';
import type { FieldErrors } from '../html/form.ts';
import { messagePage } from '../html/message-page.ts';
import { stateSentence } from '../html/state-sentence.ts';
import { partial } from '../partial.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { preflightPage, preflightPart } from './preflight-page.ts';
import type { PreflightView } from './preflight-view.ts';

const path = '/editions/:id/preflight';
const longestReason = 500;

/** What deserves a look before an edition goes out, and who approved it. */
export function preflightRoutes({ preflight, composing, audit, site }: ConsoleApp): ConsoleRoute[] {
  async function viewOf(request: ConsoleRequest, edition: Edition): Promise<PreflightView> {
    return {
      edition,
      title: editionTitle(site, composing.newsletters, edition),
      state: stateSentence(edition, await composing.listTroubles()),
      newsletter: composing.newsletters.find(({ name }) => name === edition.newsletter) ?? null,
      status: await preflight.statusOf(edition),
      approval: await preflight.approvalOf(edition),
      seen: edition.frozenAt === null ? await preflight.fingerprintOf(edition) : '',
      objection: await preflight.findObjection(edition, request.operator),
    };
  }

  /** The page of an edition, or that there is none. */
  function onEdition(
    answer: (request: ConsoleRequest, edition: Edition) => Response | Promise<Response>,
  ): ConsoleRoute['answer'] {
    return async (request) => {
      const edition = await preflight.findEdition(request.params['id'] ?? '');
      return edition === null ? messagePage(request, 'not_found') : answer(request, edition);
    };
  }

  const pageOf = ({ id }: Edition): string => `/editions/${encodeURIComponent(id)}/preflight`;

  return [
    {
      method: 'GET',
      path,
      right: 'editions:view',
      answer: onEdition(async (request, edition) => {
        const view = await viewOf(request, edition);
        return request.isHtmx ? partial(preflightPart(request, view)) : preflightPage(request, view);
      }),
    },
    {
      method: 'POST',
      path: `${path}/look`,
      right: 'editions:edit',
      answer: onEdition(async (request, edition) => {
        preflight.begin(edition, (await request.form()).get('foreign') === 'yes');
        return seeOther(request, pageOf(edition));
      }),
    },
    {
      method: 'POST',
      path: `${path}/approve`,
      right: 'editions:approve',
      answer: onEdition(async (request, edition) => {
        const form = await request.form();
        const [seen, reason] = [form.get('seen') ?? '', (form.get('reason') ?? '').trim()];
        const view = await viewOf(request, edition);
        const refuse = (errors: FieldErrors): Promise<Response> =>
          refused(preflightPage(request, { ...view, typed: { reason }, errors }));
        const { report, isCurrent } = view.status;
        if (!isCurrent || report === null) {
          return refuse({ findings: 'It is still being looked at. Wait for what is found, then approve it.' });
        }
        if (isBlocked(report.findings) && !request.may('editions:send')) {
          return refuse({ blocking: 'There is something to mend first. Who may send can approve it all the same.' });
        }
        if (isBlocked(report.findings) && reason === '') {
          return refuse({ reason: 'Say why it may go out although there is something to mend first.' });
        }
        if (reason.length > longestReason) {
          return refuse({ reason: `Say it in at most ${longestReason} characters; these are ${reason.length}.` });
        }
        const after = { seen, ...(isBlocked(report.findings) ? { although: codesOf(view), reason } : {}) };
        const deed = { operator: request.operator, action: 'editions.approve', subject: edition.id, after };
        try {
          await audit.around({ ...deed, before: { approval: view.approval.kind, state: edition.state } }, () =>
            preflight.approve(edition, request.operator, seen),
          );
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
          return refuse({ approval: error.message });
        }
        return seeOther(
          request,
          pageOf(edition),
          edition.state === 'held' ? 'Approved: it goes out within a minute.' : 'Approved.',
        );
      }),
    },
    {
      method: 'POST',
      path: `${path}/withdraw`,
      right: 'editions:approve',
      answer: onEdition(async (request, edition) => {
        const { kind } = await preflight.approvalOf(edition);
        const deed = { operator: request.operator, action: 'editions.withdraw-approval', subject: edition.id };
        try {
          await audit.around({ ...deed, before: { approval: kind } }, () =>
            preflight.withdraw(edition, request.operator),
          );
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
          return seeOther(request, `/editions/${encodeURIComponent(edition.id)}/sending`, error.message);
        }
        return seeOther(request, pageOf(edition), 'The approval is taken back.');
      }),
    },
  ];
}

function codesOf({ status }: PreflightView): readonly string[] {
  const blocking = (status.report?.findings ?? []).filter(({ severity }) => severity === 'blocking');
  return [...new Set(blocking.map(({ code }) => code))];
}
