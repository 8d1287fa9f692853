import { describe, expect, it } from 'vitest';
import type { Edition } from '../../src/digest/index.ts';
import { seriesOf } from '../../src/schedule/rhythm.ts';
import { type Doubt, doubtAtStart, doubtOfClock, findSuspicion } from '../../src/schedule/suspicion.ts';
import { editionOf, newsletterOf } from '../support/edition-fixtures.ts';

const weekly = newsletterOf();
const series = seriesOf(weekly).filter(({ rhythm }) => rhythm === 'each');
// A Friday.
const at = (time: string, day = 27) => `2026-11-${day}T${time}:00.000Z`;
const beat = (changes: object = {}) => ({
  ledger: 'a',
  beats: 10,
  at: at('06:00'),
  by: 'worker' as const,
  restoredAt: null,
  ...changes,
});

const edition = (state: Edition['state'], dueAt: string): Edition =>
  editionOf({ id: `weekly-${state}`, key: 'x', state, dueAt });

const doubt = (from: string, to: string, changes: Partial<Doubt> = {}): Doubt => ({
  reason: 'restored',
  from,
  to,
  isCertain: false,
  ...changes,
});

describe('doubtAtStart', () => {
  it('finds none in a ledger that never beat, where none beat here before', () => {
    expect(doubtAtStart(null, null, at('08:00'))).toBeNull();
  });

  it('is certain of a copy from before the first beat, or of another ledger, by the note of the one that was used here', () => {
    const certain = { reason: 'restored', to: at('08:00'), isCertain: true };
    expect(doubtAtStart(null, { ledger: 'a', beats: 10 }, at('08:00'))).toEqual({ ...certain, from: at('08:00') });
    expect(doubtAtStart(beat(), { ledger: 'b', beats: 1 }, at('08:00'))).toEqual({ ...certain, from: at('06:00') });
  });

  it('is certain of an older copy by the note beside it, or where restore put it in place', () => {
    const certain = { reason: 'restored', from: at('06:00'), to: at('06:01'), isCertain: true };
    expect(doubtAtStart(beat(), { ledger: 'a', beats: 11 }, at('06:01'))).toEqual(certain);
    expect(doubtAtStart(beat({ restoredAt: at('06:01') }), null, at('06:01'))).toEqual(certain);
  });

  it('pays no heed to the note of a beat that is in it', () => {
    const mere = { reason: 'restored', from: at('06:00'), to: at('06:01'), isCertain: false };
    expect(doubtAtStart(beat(), { ledger: 'a', beats: 10 }, at('06:01'))).toEqual(mere);
  });

  it('makes nothing of the gaps between the passes of run', () => {
    expect(doubtAtStart(beat({ by: 'pass' }), null, at('06:00', 29))).toBeNull();
  });

  it('doubts the clock where the last beat lies ahead', () => {
    expect(doubtAtStart(beat({ by: 'pass' }), null, at('05:54'))).toMatchObject({ reason: 'clock' });
    expect(doubtAtStart(beat({ by: 'pass' }), null, at('05:56'))).toBeNull();
  });
});

describe('doubtOfClock', () => {
  it('lets clocks part by five minutes, in either direction', () => {
    expect(doubtOfClock(at('06:00'), 5000, at('06:05'))).toBeNull();
    expect(doubtOfClock(at('06:00'), 5000, at('06:06'))).toMatchObject({ reason: 'clock', to: at('06:06') });
    expect(doubtOfClock(at('06:00'), 5000, at('05:55'))).not.toBeNull();
    expect(doubtOfClock(at('06:00'), 3_600_000, at('07:00'))).toBeNull();
  });
});

describe('findSuspicion', () => {
  const sending = edition('sending', at('07:00', 20));
  const none = { editions: [], newsletters: [] };

  it('holds what is being sent, and the newsletter that had its time, after more than its grace', () => {
    const stakes = { series, open: [sending] };
    expect(findSuspicion(doubt(at('06:00'), at('08:30')), stakes)).toMatchObject({
      editions: [sending.id],
      newsletters: ['weekly'],
    });
    expect(findSuspicion(doubt(at('06:00'), at('08:00')), stakes)).toMatchObject(none);
  });

  it('lets a weekly newsletter be after a weekend that it had no time in', () => {
    expect(findSuspicion(doubt(at('18:00'), at('08:00', 30)), { series, open: [] })).toMatchObject(none);
  });

  it('holds all that is open and marks every newsletter where the copy is older for certain', () => {
    const later = edition('approved', at('18:00', 30));
    expect(
      findSuspicion(doubt(at('18:00'), at('18:01'), { isCertain: true }), { series, open: [sending, later] }),
    ).toMatchObject({ editions: [sending.id, later.id], newsletters: ['weekly'] });
  });

  it('holds what a person had paused or held too, where it may have been let go since', () => {
    const paused = edition('paused', at('07:00', 20));
    const missed = { ...edition('held', at('07:00', 20)), reason: 'missed' } as const;
    const restored = { ...missed, id: 'weekly-again', reason: 'restored' } as const;
    const stakes = { series, open: [paused, missed, restored] };
    const certain = doubt(at('06:00'), at('06:01'), { isCertain: true });
    expect(findSuspicion(certain, stakes).editions).toEqual([paused.id, missed.id]);
    expect(findSuspicion(doubt(at('06:00'), at('09:00')), stakes).editions).toEqual([paused.id]);
    expect(findSuspicion(doubt(at('06:00'), at('06:01')), stakes).editions).toEqual([]);
    expect(findSuspicion(doubt(at('06:00'), at('09:00'), { reason: 'clock' }), stakes).editions).toEqual([]);
  });

  it('lets an approved edition be whose time is still to come', () => {
    const [passed, later] = [edition('approved', at('12:00')), edition('approved', at('18:00'))];
    const long = doubt(at('08:00'), at('15:00'));
    expect(findSuspicion(long, { series, open: [passed] }).editions).toEqual([passed.id]);
    expect(findSuspicion(long, { series, open: [later] }).editions).toEqual([]);
  });

  it.each([
    ['forwards', at('06:00'), at('06:00', 28)],
    ['backwards', at('06:00', 28), at('06:00')],
  ])('holds what the clock jumped over, %s', (_direction, from, to) => {
    expect(findSuspicion(doubt(from, to, { reason: 'clock' }), { series, open: [sending] })).toMatchObject({
      reason: 'clock',
      editions: [sending.id],
      newsletters: ['weekly'],
    });
  });
});
