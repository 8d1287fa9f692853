import { describe, expect, it } from 'vitest';
import type { ReportedRecipient } from '../../../src/delivery/bounces/arrival.ts';
import { judgeReport } from '../../../src/delivery/index.ts';

const failed = (changes: Partial<ReportedRecipient> = {}): ReportedRecipient => ({
  address: 'ana@example.com',
  originalAddress: null,
  action: 'failed',
  status: '5.1.1',
  said: '550 5.1.1 No such user',
  ...changes,
});

describe('judgeReport', () => {
  it('takes the code of the report, or of what the other server said', () => {
    expect(judgeReport([failed()], 'Ana@Example.com')).toMatchObject({ kind: 'failed', class: 'address_gone' });
    expect(judgeReport([failed({ said: '' })], 'ana@example.com')).toMatchObject({ class: 'address_gone' });
    expect(judgeReport([failed({ status: null })], 'ana@example.com')).toMatchObject({ class: 'address_gone' });
    expect(judgeReport([failed({ status: '5.7.1', said: '' })], 'ana@example.com')).toMatchObject({
      class: 'our_reputation',
    });
  });

  it('proves nothing by a failure without a code, or with the code of a success', () => {
    for (const recipient of [failed({ status: null, said: '' }), failed({ status: '2.0.0', said: '250 OK' })]) {
      expect(judgeReport([recipient], 'ana@example.com')).toMatchObject({ kind: 'failed', class: 'soft' });
    }
  });

  it('takes a forward’s dead target for slowly gone', () => {
    const elsewhere = failed({ address: 'old@example.net' });
    expect(judgeReport([elsewhere], 'ana@example.com')).toMatchObject({ class: 'slowly_gone' });
    expect(judgeReport([{ ...elsewhere, originalAddress: 'ana@example.com' }], 'ana@example.com')).toMatchObject({
      class: 'address_gone',
    });
    expect(judgeReport([failed({ address: null })], 'ana@example.com')).toMatchObject({ class: 'address_gone' });
  });

  it('looks only at its own recipient among several', () => {
    const other = failed({ address: 'bo@example.com' });
    const arrived = failed({ action: 'delivered', status: '2.0.0' });
    expect(judgeReport([other, arrived], 'ana@example.com')).toEqual({ kind: 'delivered' });
    expect(judgeReport([other, failed({ status: '5.2.2', said: '552 5.2.2 Full' })], 'ana@example.com')).toMatchObject({
      class: 'soft',
    });
  });

  it('decides nothing where a list’s other members got it', () => {
    const others = [failed({ address: 'a@example.net' }), failed({ address: 'b@example.net', action: 'delivered' })];
    expect(judgeReport(others, 'ana@example.com')).toEqual({ kind: 'undecided' });
    expect(judgeReport([failed({ action: 'delayed' })], 'ana@example.com')).toEqual({ kind: 'undecided' });
    expect(judgeReport([], 'ana@example.com')).toEqual({ kind: 'undecided' });
  });

  it('takes the mildest of several that failed', () => {
    const recipients = [failed({ address: 'a@example.net' }), failed({ address: 'b@example.net', status: '5.7.1' })];
    expect(judgeReport(recipients, 'ana@example.com')).toMatchObject({ class: 'our_reputation' });
  });
});
