import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { type AuditStore, createAuditLog } from '../../src/operators/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';

it('records that a deed did not happen and why, without anybody’s address', async () => {
  const entries: Parameters<AuditStore['addEntry']>[0][] = [];
  const audit = createAuditLog({
    store: { addEntry: async (entry) => entries.push(entry), listEntries: async () => [], listActions: async () => [] },
    clock: fixedClock('2026-11-27T09:00:00.000Z'),
  });
  const deed = {
    operator: { id: 1, name: 'Ana', email: 'ana@example.com' },
    action: 'editions.test',
    subject: 'weekly',
    before: { readers: 7, reason: null },
    after: { reason: 'Asked for by nare@mail.example.', copies: ['a@b.example', 2] },
  };
  const fault = new AppError(
    'unavailable',
    'The copy to Նարե@օրինակ.example was refused: 550 <nare@mail.example>, gone.',
  );
  await expect(audit.around(deed, () => Promise.reject(fault))).rejects.toBe(fault);
  expect(entries.map(({ undone }) => undone)).toEqual([
    null,
    { id: 1, why: 'The copy to (an address) was refused: 550 <(an address)>, gone.' },
  ]);
  expect(entries[0]?.deed).toMatchObject({
    operator: { email: 'ana@example.com' },
    before: { readers: 7, reason: null },
    after: { reason: 'Asked for by (an address)', copies: ['(an address)', 2] },
  });
});
