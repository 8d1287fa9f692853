import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../src/delivery/replies/smtp-reply.ts';

describe('parseReply', () => {
  it('takes code and enhanced code apart', () => {
    expect(parseReply('550 5.1.1 no such user')).toMatchObject({ code: 550, enhanced: '5.1.1' });
    expect(parseReply('550 5.1.1.9 odd')).toMatchObject({ code: 550, enhanced: null });
    expect(parseReply('')).toMatchObject({ code: 0, enhanced: null });
  });
});
