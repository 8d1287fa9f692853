import type { ClaimedDelivery } from '../../src/delivery/index.ts';
import { everybody, unarranged } from '../../src/digest/index.ts';

const edition = {
  id: 'weekly-1',
  newsletter: 'weekly',
  rhythm: 'each',
  key: '1',
  state: 'sending',
  reason: null,
  trigger: 'manual',
  selection: { since: null, slugs: null },
  audience: everybody,
  openedBy: null,
  arrangement: unarranged,
  revision: 0,
  dueAt: '',
  cutoff: null,
  transport: null,
  createdAt: '',
  frozenAt: null,
  pausedAt: null,
  finishedAt: null,
  expiresAt: null,
} as const;

/** A delivery as it comes out of a ledger, for those who have none. */
export function oneOf(number: number): ClaimedDelivery {
  return {
    deliveryId: number,
    token: 'token',
    leaseUntil: '',
    edition,
    subscriberId: number,
    address: `reader${number}@example.com`,
    name: null,
    lang: 'en',
    variant: 0,
    attempts: 0,
  };
}
