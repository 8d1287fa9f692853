import { describe, expect, it } from 'vitest';
import { areTooMany, isSenderFault } from '../../../src/delivery/replies/sender-faults.ts';

describe('areTooMany', () => {
  it.each([
    [4, 10, false],
    [5, 10, true],
    [5, 500, false],
    [6, 500, true],
    [100, 10_000, false],
    [101, 10_000, true],
  ])('takes %i faults among %i answers for too many: %s', (faults, answers, expected) => {
    expect(areTooMany(faults, answers)).toBe(expected);
  });
});

describe('isSenderFault', () => {
  it('counts only what is about us', () => {
    expect(isSenderFault('our_reputation') && isSenderFault('our_protocol')).toBe(true);
    expect(isSenderFault('address_gone') || isSenderFault('slow_down') || isSenderFault('refused')).toBe(false);
  });
});
