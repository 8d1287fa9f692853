import { describe, expect, it } from 'vitest';
import { findAbsence, parseCadence } from '../../src/schedule/index.ts';
import { editionOf, newsletterOf } from '../support/edition-fixtures.ts';

const weekly = newsletterOf();
const newsletters = [{ newsletter: weekly, cadence: parseCadence(weekly.schedule, weekly.timezone) }];
const sending = editionOf({
  id: 'weekly-1',
  dueAt: '2026-11-27T07:00:00.000Z',
  transport: 'outbox',
  frozenAt: '2026-11-27T07:00:00.000Z',
});
const lastBeatAt = '2026-11-27T07:01:00.000Z';

describe('findAbsence', () => {
  it('tells of an edition that nobody sends for a quarter of an hour', () => {
    const place = { lastBeatAt, newsletters, open: [sending] };
    expect(findAbsence(place, '2026-11-27T07:15:00.000Z')).toBeNull();
    expect(findAbsence(place, '2026-11-27T07:16:00.000Z')).toMatchObject({
      kind: 'no_worker',
      editionId: 'weekly-1',
      sentence: `No worker has run since ${lastBeatAt}, and weekly-1 is due.`,
    });
  });

  it('tells of a newsletter whose time has passed since', () => {
    const place = { lastBeatAt: '2026-11-27T06:50:00.000Z', newsletters, open: [] };
    expect(findAbsence(place, '2026-11-27T06:59:00.000Z')).toBeNull();
    expect(findAbsence(place, '2026-11-27T07:06:00.000Z')?.sentence).toContain('weekly is due');
  });

  it('makes nothing of it where nothing is due', () => {
    expect(findAbsence({ lastBeatAt, newsletters, open: [] }, '2026-12-04T06:59:00.000Z')).toBeNull();
  });
});
