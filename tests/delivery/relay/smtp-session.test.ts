import { describe, expect, it } from 'vitest';
import { patienceMs } from '../../../src/delivery/relay/smtp-session.ts';

describe('patienceMs', () => {
  it('is no shorter than RFC 5321 §4.5.3.2 asks for: a shorter wait for the final dot only makes doubt', () => {
    const minutes = (phase: keyof typeof patienceMs): number => patienceMs[phase] / 60_000;
    for (const phase of ['greeting', 'ehlo', 'mail', 'rcpt'] as const) expect(minutes(phase)).toBeGreaterThanOrEqual(5);
    expect(minutes('data')).toBeGreaterThanOrEqual(2);
    expect(minutes('content')).toBeGreaterThanOrEqual(3);
    expect(minutes('final_dot')).toBeGreaterThanOrEqual(10);
  });
});
