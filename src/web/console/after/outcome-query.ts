import type { DeliveryFilter, DeliveryOutcome, DeliveryReason, DeliveryState } from '../../../delivery/index.ts';
import { reasonTexts } from '../html/delivery-words.ts';
import type { SumPart } from '../html/sum-parts.ts';

/** The states of each part of an edition's account. */
const statesOf: Readonly<Record<SumPart, readonly DeliveryState[]>> = {
  sent: ['sent'],
  waiting: ['queued', 'claimed'],
  attempting: ['attempting'],
  deferred: ['deferred'],
  failed: ['failed'],
  in_doubt: ['in_doubt'],
  cancelled: ['cancelled'],
  excluded: ['excluded'],
};

export const outcomes: readonly DeliveryOutcome[] = ['accepted', 'bounced', 'complained'];

/** What a page's query asks for; what isn't one of the choices counts as none. */
export function readOutcomeQuery(query: URLSearchParams): DeliveryFilter {
  const part = query.get('state');
  const states = Object.entries(statesOf).find(([name]) => name === part)?.[1];
  const reason = query.get('reason');
  const outcome = outcomes.find((known) => known === query.get('outcome'));
  const lang = query.get('lang') ?? '';
  const domain = (query.get('domain') ?? '').trim().replace(/^@/, '').toLowerCase();
  const address = (query.get('address') ?? '').trim();
  return {
    ...(states === undefined ? {} : { states }),
    ...(reason !== null && isReason(reason) ? { reason } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(lang === '' ? {} : { lang }),
    ...(domain === '' ? {} : { domain }),
    ...(address === '' ? {} : { address }),
  };
}

/** After which delivery the page begins. */
export function readAfter(query: URLSearchParams): number {
  const after = Number(query.get('after') ?? 0);
  return Number.isSafeInteger(after) && after > 0 ? after : 0;
}

function isReason(name: string): name is DeliveryReason {
  return Object.hasOwn(reasonTexts, name);
}

export const reasons: readonly DeliveryReason[] = Object.keys(reasonTexts).filter(isReason);
