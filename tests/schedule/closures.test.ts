import { describe, expect, it } from 'vitest';
import type { ClosedDomain } from '../../src/delivery/index.ts';
import { findClosures } from '../../src/schedule/index.ts';

const at = (time: string) => `2026-11-27T${time}:00.000Z`;
const closed = (...domains: readonly string[]): ClosedDomain[] =>
  domains.map((domain) => ({
    relay: 'smtp://relay.example:25',
    domain,
    until: at('09:15'),
    said: `550 5.7.1 ${domain} says no`,
  }));
const told = (about: string, time: string) => ({ about, at: at(time) });

describe('findClosures', () => {
  it('tells of all domains that are closed at once, with what they said', () => {
    expect(findClosures(closed('a.example'), [], at('09:00'))).toMatchObject({
      kind: 'closed',
      about: 'a.example',
      sentence:
        'a.example refuses mail because of the sender, and no mail goes there for now: a.example until 2026-11-27T09:15:00.000Z, “550 5.7.1 a.example says no”.',
    });
    expect(findClosures(closed('a.example', 'b.example'), [], at('09:00'))?.sentence).toMatch(
      /^2 domains refuse .*: a\.example until .*; b\.example until .*”\.$/,
    );
    expect(findClosures([], [], at('09:00'))).toBeNull();
  });

  it('waits an hour between two notices, and then names what was closed meanwhile', () => {
    const both = closed('a.example', 'b.example');
    expect(findClosures(both, [told('a.example', '09:00')], at('09:59'))).toBeNull();
    expect(findClosures(both, [told('a.example', '09:00')], at('10:01'))?.about).toBe('a.example b.example');
  });

  it('says again of a domain that stays closed only after six hours', () => {
    expect(findClosures(closed('a.example'), [told('b.example a.example', '09:00')], at('14:59'))).toBeNull();
    expect(findClosures(closed('a.example'), [told('b.example a.example', '09:00')], at('15:01'))).not.toBeNull();
  });

  it('stays short, however many there are and however much they say', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `domain${index}.example`);
    const many = closed(...names).map((domain) => ({ ...domain, said: `550 5.7.1 ${'no '.repeat(500)}` }));
    const notice = findClosures(many, [], at('09:00'));
    expect(notice?.sentence).toContain('and 2990 more');
    expect(notice?.sentence.length).toBeLessThan(3500);
  });
});
