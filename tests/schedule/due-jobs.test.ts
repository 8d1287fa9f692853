import { describe, expect, it } from 'vitest';
import type { Edition, EditionState, Newsletter } from '../../src/digest/index.ts';
import { dueJobs, type NewsletterSituation } from '../../src/schedule/due-jobs.ts';
import { parseCadence } from '../../src/schedule/index.ts';

const weekly: Newsletter = {
  name: 'weekly',
  title: { en: 'Weekly' },
  schedule: '0 7 * * FRI',
  timezone: 'Asia/Tbilisi',
  select: { limit: 12, countries: [], topics: [] },
  text: 'summary',
  graceMs: 2 * 3_600_000,
  expiresMs: 48 * 3_600_000,
  draftLeadMs: 3 * 3_600_000,
  template: 'digest',
};
// Friday 27 November 2026, 07:00 in Tbilisi, and the Friday before.
const friday = '2026-11-27T03:00:00.000Z';
const before = '2026-11-20T03:00:00.000Z';

function situation(changes: Partial<NewsletterSituation> = {}): NewsletterSituation {
  return {
    newsletter: weekly,
    cadence: parseCadence(weekly.schedule, weekly.timezone),
    since: '2026-01-01T00:00:00.000Z',
    open: null,
    knownTimes: new Set([before]),
    mark: null,
    ...changes,
  };
}

function edition(state: EditionState, dueAt = friday): Edition {
  return {
    id: 'weekly-x',
    newsletter: 'weekly',
    rhythm: 'each',
    key: 'x',
    state,
    reason: null,
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    dueAt,
    cutoff: null,
    transport: null,
    createdAt: before,
    frozenAt: null,
    finishedAt: null,
    expiresAt: null,
  };
}

const kinds = (jobs: ReturnType<typeof dueJobs>) => jobs.map((job) => job.kind);

describe('dueJobs of a newsletter that is marked', () => {
  const marked = (changes: Partial<NewsletterSituation> = {}) => situation({ mark: 'restored', ...changes });

  it('holds its next edition at its time, with that reason', () => {
    expect(dueJobs(marked(), friday)).toMatchObject([{ kind: 'hold', reason: 'restored', dueAt: friday }]);
    expect(dueJobs(marked({ open: edition('draft') }), friday)).toMatchObject([{ kind: 'hold', reason: 'restored' }]);
  });

  it('lets go what a person approved, or opened by hand', () => {
    const approved = edition('approved');
    expect(kinds(dueJobs(marked({ open: approved }), friday))).toEqual(['hold']);
    expect(kinds(dueJobs(marked({ open: { ...approved, reason: 'operator' } }), friday))).toEqual(['send']);
    expect(kinds(dueJobs(marked({ open: { ...approved, trigger: 'manual' } }), friday))).toEqual(['send']);
  });
});

describe('dueJobs', () => {
  it('does nothing long before the next time', () => {
    expect(dueJobs(situation(), '2026-11-25T00:00:00.000Z')).toEqual([]);
  });

  it('makes the draft once its lead time has come', () => {
    expect(dueJobs(situation(), '2026-11-26T23:59:59.000Z')).toEqual([]);
    expect(dueJobs(situation(), '2026-11-27T00:00:00.000Z')).toEqual([
      { kind: 'draft', newsletter: weekly, dueAt: friday },
    ]);
  });

  it('sends at its time, and a missed time within its grace', () => {
    expect(dueJobs(situation(), friday)).toEqual([{ kind: 'send', newsletter: weekly, dueAt: friday, edition: null }]);
    expect(kinds(dueJobs(situation(), '2026-11-27T05:00:00.000Z'))).toEqual(['send']);
  });

  it('holds a time missed by more than its grace', () => {
    expect(kinds(dueJobs(situation(), '2026-11-27T05:00:00.001Z'))).toEqual(['hold']);
  });

  it('takes up the draft that waits for this time', () => {
    const draft = edition('draft');
    const jobs = dueJobs(situation({ open: draft, knownTimes: new Set([before, friday]) }), friday);
    expect(jobs).toEqual([{ kind: 'send', newsletter: weekly, dueAt: friday, edition: draft }]);
  });

  it('does a time once, whatever became of it', () => {
    expect(dueJobs(situation({ knownTimes: new Set([before, friday]) }), '2026-11-27T03:30:00.000Z')).toEqual([]);
  });

  it('sends nothing for times before the newsletter was first seen', () => {
    expect(dueJobs(situation({ since: '2026-11-27T03:00:01.000Z' }), '2026-11-27T03:10:00.000Z')).toEqual([]);
  });

  it('puts the coming edition in the place of one that nobody decided on', () => {
    const held = edition('held', before);
    expect(kinds(dueJobs(situation({ open: held }), friday))).toEqual(['supersede', 'send']);
  });

  it('waits while an edition is going out', () => {
    expect(dueJobs(situation({ open: edition('sending', before) }), friday)).toEqual([]);
    expect(dueJobs(situation({ open: edition('paused', before) }), friday)).toEqual([]);
  });

  it('releases what an operator approved for a time, not before it', () => {
    const approved = edition('approved', '2026-11-25T12:00:00.000Z');
    expect(dueJobs(situation({ open: approved }), '2026-11-25T11:59:00.000Z')).toEqual([]);
    expect(kinds(dueJobs(situation({ open: approved }), '2026-11-25T12:00:00.000Z'))).toEqual(['send']);
  });

  it('holds what was approved for a time that is long past, unless an operator let it go after that', () => {
    const approved = edition('approved', '2026-11-25T12:00:00.000Z');
    const late = '2026-11-25T14:00:00.001Z';
    expect(kinds(dueJobs(situation({ open: approved }), late))).toEqual(['hold']);
    expect(kinds(dueJobs(situation({ open: { ...approved, reason: 'operator' } }), late))).toEqual(['send']);
  });

  it('catches up one time only after a long absence', () => {
    const jobs = dueJobs(situation({ knownTimes: new Set(['2026-10-02T03:00:00.000Z']) }), friday);
    expect(jobs).toEqual([{ kind: 'send', newsletter: weekly, dueAt: friday, edition: null }]);
  });
});
