import { describe, expect, it } from 'vitest';
import type { Edition, EditionState } from '../../src/digest/index.ts';
import { dueJobs, type NewsletterSituation } from '../../src/schedule/due-jobs.ts';
import { parseCadence } from '../../src/schedule/index.ts';
import { editionOf, newsletterOf } from '../support/edition-fixtures.ts';

const weekly = newsletterOf({ timezone: 'Asia/Tbilisi' });
// Friday 27 November 2026, 07:00 in Tbilisi, and the Friday before.
const friday = '2026-11-27T03:00:00.000Z';
const before = '2026-11-20T03:00:00.000Z';

function situation(changes: Partial<NewsletterSituation> = {}): NewsletterSituation {
  return {
    newsletter: weekly,
    cadence: parseCadence(weekly.schedule, weekly.timezone),
    since: '2026-01-01T00:00:00.000Z',
    pending: null,
    draft: null,
    knownTimes: new Set([before]),
    mark: null,
    ...changes,
  };
}

const edition = (state: EditionState, dueAt = friday): Edition =>
  editionOf({ id: 'weekly-x', key: 'x', state, dueAt, createdAt: before });

const kinds = (jobs: ReturnType<typeof dueJobs>) => jobs.map((job) => job.kind);

describe('dueJobs of a newsletter that is marked', () => {
  const marked = (changes: Partial<NewsletterSituation> = {}) => situation({ mark: 'restored', ...changes });

  it('holds its next edition at its time, with that reason', () => {
    expect(dueJobs(marked(), friday)).toMatchObject([{ kind: 'hold', reason: 'restored', dueAt: friday }]);
    expect(dueJobs(marked({ draft: edition('draft') }), friday)).toMatchObject([{ kind: 'hold', reason: 'restored' }]);
  });

  it('lets go what a person approved, or opened by hand', () => {
    const approved = edition('approved');
    expect(kinds(dueJobs(marked({ pending: approved }), friday))).toEqual(['hold']);
    expect(kinds(dueJobs(marked({ pending: { ...approved, reason: 'operator' } }), friday))).toEqual(['send']);
    expect(kinds(dueJobs(marked({ pending: { ...approved, trigger: 'manual' } }), friday))).toEqual(['send']);
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
    const jobs = dueJobs(situation({ draft, knownTimes: new Set([before, friday]) }), friday);
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
    expect(kinds(dueJobs(situation({ pending: held }), friday))).toEqual(['supersede', 'send']);
    const left = edition('draft', before);
    expect(dueJobs(situation({ pending: held, draft: left }), friday)).toMatchObject([
      { kind: 'supersede', edition: held },
      { kind: 'supersede', edition: left },
      { kind: 'send', edition: null },
    ]);
  });

  it('lets a person decide first on one by hand that was held since', () => {
    const held = edition('held', '2026-11-27T03:05:00.000Z');
    expect(dueJobs(situation({ pending: held, draft: edition('draft') }), '2026-11-27T03:06:00.000Z')).toEqual([]);
  });

  it('waits while an edition is going out', () => {
    expect(dueJobs(situation({ pending: edition('sending', before) }), friday)).toEqual([]);
    expect(dueJobs(situation({ pending: edition('paused', before) }), friday)).toEqual([]);
  });

  it('sends the draft after one by hand that was on its way, within its grace', () => {
    const draft = edition('draft');
    const known = new Set([before, friday]);
    const byHand: Edition = { ...edition('approved', '2026-11-27T03:00:30.000Z'), trigger: 'manual' };
    const at = (pending: Edition | null, now: string) => dueJobs(situation({ pending, draft, knownTimes: known }), now);
    expect(at(byHand, friday)).toEqual([]);
    expect(at(byHand, '2026-11-27T03:01:00.000Z')).toMatchObject([{ kind: 'send', edition: byHand }]);
    expect(at({ ...byHand, state: 'sending' }, '2026-11-27T03:10:00.000Z')).toEqual([]);
    expect(at(null, '2026-11-27T03:20:00.000Z')).toMatchObject([{ kind: 'send', edition: draft }]);
    expect(at(null, '2026-11-27T05:00:00.001Z')).toMatchObject([{ kind: 'hold', reason: 'missed', edition: draft }]);
  });

  it('makes the draft of the next time while one by hand is on its way', () => {
    const byHand = edition('sending', '2026-11-26T23:00:00.000Z');
    expect(kinds(dueJobs(situation({ pending: byHand }), '2026-11-27T00:00:00.000Z'))).toEqual(['draft']);
  });

  it('releases what an operator approved for a time, not before it', () => {
    const approved = edition('approved', '2026-11-25T12:00:00.000Z');
    expect(dueJobs(situation({ pending: approved }), '2026-11-25T11:59:00.000Z')).toEqual([]);
    expect(kinds(dueJobs(situation({ pending: approved }), '2026-11-25T12:00:00.000Z'))).toEqual(['send']);
  });

  it('holds what was approved for a time that is long past, unless an operator let it go after that', () => {
    const approved = edition('approved', '2026-11-25T12:00:00.000Z');
    const late = '2026-11-25T14:00:00.001Z';
    expect(kinds(dueJobs(situation({ pending: approved }), late))).toEqual(['hold']);
    expect(kinds(dueJobs(situation({ pending: { ...approved, reason: 'operator' } }), late))).toEqual(['send']);
  });

  it('catches up one time only after a long absence', () => {
    const jobs = dueJobs(situation({ knownTimes: new Set(['2026-10-02T03:00:00.000Z']) }), friday);
    expect(jobs).toEqual([{ kind: 'send', newsletter: weekly, dueAt: friday, edition: null }]);
  });
});
