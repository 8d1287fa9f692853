import { type Edition, type EditionCounts, everybody, type Newsletter, unarranged } from '../../src/digest/index.ts';

/** A weekly newsletter: Fridays at 07:00 in UTC. */
export function newsletterOf(changes: Partial<Newsletter> = {}): Newsletter {
  return {
    name: 'weekly',
    title: { en: 'Weekly' },
    schedule: '0 7 * * FRI',
    timezone: 'UTC',
    select: { limit: 12, countries: [], topics: [] },
    text: 'summary',
    graceMs: 2 * 3_600_000,
    expiresMs: 48 * 3_600_000,
    draftLeadMs: 3 * 3_600_000,
    template: 'digest',
    approval: 'none',
    preflight: 'warn',
    ...changes,
  };
}

/** An edition of it on schedule, as it is before its freeze. */
export function editionOf(changes: Partial<Edition> = {}): Edition {
  const { dueAt = '2026-11-27T03:00:00.000Z' } = changes;
  return {
    id: 'weekly-2026-11-27T0300Z',
    newsletter: 'weekly',
    rhythm: 'each',
    key: '2026-11-27T0300Z',
    state: 'sending',
    reason: null,
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    audience: everybody,
    openedBy: null,
    arrangement: unarranged,
    revision: 0,
    dueAt,
    cutoff: null,
    transport: null,
    createdAt: dueAt,
    frozenAt: null,
    pausedAt: null,
    finishedAt: null,
    expiresAt: null,
    ...changes,
  };
}

/** Of an edition without readers. */
export const noCounts: EditionCounts = {
  candidates: 0,
  excluded: 0,
  queued: 0,
  claimed: 0,
  attempting: 0,
  sent: 0,
  deferred: 0,
  failed: 0,
  in_doubt: 0,
  cancelled: 0,
};
