import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../src/delivery/replies/reply-class.ts';
import { parseReply, type ReplyPhase } from '../../../src/delivery/replies/smtp-reply.ts';

function classOf(line: string, phase: ReplyPhase = 'rcpt') {
  return classifyReply(parseReply(line), phase);
}

describe('classifyReply', () => {
  it.each([
    ['250 2.0.0 Ok: queued as 4F2', 'accepted'],
    [
      '550 5.1.1 <reader@example.com>: Recipient address rejected: User unknown in local recipient table',
      'address_gone',
    ],
    ['550-5.1.1 The email account that you tried to reach does not exist.', 'address_gone'],
    ['501 5.1.3 Bad recipient address syntax', 'address_gone'],
    ['550 5.1.6 Recipient has moved', 'address_gone'],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found', 'address_gone'],
    ['550 No such user here', 'address_gone'],
    ['551 User not local; please try <elsewhere@example.com>', 'address_gone'],
    ['550 5.5.0 Requested action not taken: mailbox unavailable', 'address_gone'],
    ['550 Unknown user', 'address_gone'],
    ['550 5.1.2 Bad destination system', 'slowly_gone'],
    ['550 5.2.1 The account is inactive', 'slowly_gone'],
    ['550 5.4.4 Host or domain name not found', 'slowly_gone'],
    ['452 4.2.2 The mailbox is over quota', 'soft'],
    ['552 5.2.2 The mailbox is over quota', 'soft'],
    ['552 Mailbox full', 'soft'],
    ['451 4.3.0 Temporary lookup failure', 'soft'],
    ['450 5.1.1 User unknown', 'soft'],
    ['what is this', 'soft'],
    ['552 Message size exceeds fixed limit', 'this_message'],
    ['550 5.2.3 Message too long', 'this_message'],
    ['552 5.3.4 Message size exceeds limit', 'this_message'],
    ['554 5.6.0 Message contains bare LF', 'this_message'],
    ['500 Command unrecognised', 'our_protocol'],
    ['503 5.5.1 MAIL first', 'our_protocol'],
    ['554 5.5.1 Error: no valid recipients', 'our_protocol'],
    [
      '550-Verification failed for <b-1@bounces.example.com> 550-No Such User Here 550 Sender verify failed',
      'our_protocol',
    ],
    ['550 5.1.0 <b-1@bounces.example.com>: Sender address rejected: User unknown', 'our_protocol'],
    ['550 Unrouteable address (sender verify callout)', 'our_protocol'],
    ['550 5.1.1 Callout verification failed: 550 5.1.1 <reader@example.com> User unknown', 'address_gone'],
    ['550 5.7.1 Message rejected due to content', 'our_reputation'],
    ['550 5.7.26 This mail has been blocked because the sender is unauthenticated', 'our_reputation'],
    ['554 Blocked using zen.spamhaus.org', 'our_reputation'],
    ['550 Message looks like spam', 'our_reputation'],
    ['450 Client host blocked using a blocklist', 'our_reputation'],
    ['421 4.3.2 Too many connections', 'slow_down'],
    ['450 4.7.1 Try again in five minutes', 'slow_down'],
    ['451 Greylisted, come back later', 'slow_down'],
    ['450 4.2.0 Greylisting in action', 'slow_down'],
    ['550 4.7.28 Our system has detected an unusual rate', 'slow_down'],
    ['554 Transaction failed', 'refused'],
    ['550 Requested action not taken', 'refused'],
    ['550 5.4.1 Recipient address rejected: Access denied', 'refused'],
  ])('takes %j for %s', (line, replyClass) => {
    expect(classOf(line)).toBe(replyClass);
  });

  it('does not take every 5.x.x for a dead address, as listmonk does', () => {
    for (const status of ['5.0.0', '5.2.0', '5.2.1', '5.2.2', '5.3.0', '5.4.1', '5.4.7', '5.6.1', '5.7.1']) {
      expect(classOf(`550 ${status} no`)).not.toBe('address_gone');
    }
  });

  it('does not hold a refusal as spam against the reader, as Mailman does', () => {
    expect(classOf('550 5.1.1 Rejected: your IP is on a blocklist')).toBe('our_reputation');
    expect(classOf('554 5.7.1 Spam detected')).toBe('our_reputation');
  });

  it('does not suppress after any 5xx, as Postal does', () => {
    for (const code of [500, 503, 521, 550, 552, 554, 556]) expect(classOf(`${code} no`)).not.toBe('address_gone');
  });

  it('says nothing about the reader before the recipient was named', () => {
    expect(classOf('550 5.1.1 User unknown', 'mail')).toBe('our_protocol');
    expect(classOf('552 5.3.4 Message size exceeds limit', 'mail')).toBe('this_message');
    expect(classOf('552 Too long', 'mail')).toBe('this_message');
    expect(classOf('554 5.6.3 No eight-bit text', 'mail')).toBe('this_message');
    expect(classOf('553 5.1.8 Sender address rejected', 'rcpt')).toBe('our_protocol');
    expect(classOf('554 No service here', 'connect')).toBe('our_protocol');
    expect(classOf('554 Blocked by our blocklist', 'connect')).toBe('our_reputation');
  });

  it("isn't led astray by words in an address", () => {
    expect(classOf('550 5.1.1 <spam.blocklist@example.com>: User unknown')).toBe('address_gone');
  });

  it("reads a report's status where there is no code", () => {
    const report = (enhanced: string, text = '') => classifyReply({ code: 0, enhanced, text }, 'report');
    expect(report('5.1.1')).toBe('address_gone');
    expect(report('4.4.1')).toBe('soft');
    expect(report('2.0.0')).toBe('accepted');
    expect(report('5.0.0', 'smtp; user unknown')).toBe('address_gone');
    expect(report('5.0.0')).toBe('refused');
    expect(report('5.7.1')).toBe('our_reputation');
  });
});
