import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGenericEvent } from '../../../src/delivery/bounces/generic-event.ts';
import { readSesEvent } from '../../../src/delivery/bounces/ses-event.ts';
import { fixtureTokens } from '../../support/bounce-mail.ts';
import { sesNotification } from '../../support/sns.ts';

const bounced = (bounceType: string, bounceSubType: string, recipient: object = {}) =>
  sesNotification({
    notificationType: 'Bounce',
    bounce: { bounceType, bounceSubType, bouncedRecipients: [{ emailAddress: 'ana@example.com', ...recipient }] },
  });

describe('readSesEvent', () => {
  it('reads a bounce with what the other server said, and finds the delivery', () => {
    const event = bounced('Permanent', 'General', {
      action: 'failed',
      status: '5.1.1',
      diagnosticCode: 'smtp; 550 5.1.1 user unknown',
    });
    expect(readSesEvent(event)).toMatchObject({
      kind: 'bounce',
      recipients: [{ address: 'ana@example.com', action: 'failed', status: '5.1.1', said: '550 5.1.1 user unknown' }],
      trace: { relayId: '0102018d-ses', tokens: [{ of: 'delivery', purpose: 'message', id: 1234 }] },
    });
  });

  it('knows what SES means where no status is told', () => {
    for (const [type, subtype, status] of [
      ['Permanent', 'NoEmail', '5.1.1'],
      ['Permanent', 'OnAccountSuppressionList', '5.1.1'],
      ['Permanent', 'General', null],
      ['Transient', 'MailboxFull', '5.2.2'],
      ['Transient', 'ContentRejected', '5.6.0'],
    ] as const) {
      expect(readSesEvent(bounced(type, subtype)), subtype).toMatchObject({ kind: 'bounce', recipients: [{ status }] });
    }
    // So it reports answering machines.
    expect(readSesEvent(bounced('Transient', 'General'))).toEqual({ kind: 'notice' });
  });

  it('tells complaints, deliveries, delays and the rest apart', () => {
    const of = (event: object) => readSesEvent(sesNotification(event));
    const complaint = { complainedRecipients: [{ emailAddress: 'ana@example.com' }], complaintFeedbackType: 'abuse' };
    expect(of({ eventType: 'Complaint', complaint })).toMatchObject({
      kind: 'complaint',
      addresses: ['ana@example.com'],
    });
    expect(of({ eventType: 'Complaint', complaint: { ...complaint, complaintFeedbackType: 'not-spam' } }).kind).toBe(
      'not_spam',
    );
    expect(of({ notificationType: 'Delivery', delivery: { recipients: ['ana@example.com'] } })).toMatchObject({
      kind: 'delivered',
      recipients: [{ address: 'ana@example.com' }],
    });
    expect(of({ eventType: 'DeliveryDelay' }).kind).toBe('delayed');
    expect(of({ eventType: 'Open' }).kind).toBe('notice');
  });

  it('keeps what it doesn’t know for somebody to look at, whatever it is', () => {
    expect(readSesEvent('{}').kind).toBe('unreadable');
    expect(readSesEvent('{"Message":"[]"}').kind).toBe('unreadable');
    fc.assert(fc.property(fc.string(), (text) => readSesEvent(text).kind === 'unreadable'));
    fc.assert(fc.property(fc.json(), (json) => readSesEvent(JSON.stringify({ Message: json })).kind === 'unreadable'));
  });
});

describe('readGenericEvent', () => {
  const of = (event: object) => readGenericEvent(JSON.stringify(event));

  it('reads each type', () => {
    const token = `<${fixtureTokens.message}@dispatch.example>`;
    expect(
      of({ type: 'bounce', messageId: token, address: 'ana@example.com', status: '5.1.1', text: 'gone' }),
    ).toMatchObject({
      kind: 'bounce',
      recipients: [{ address: 'ana@example.com', status: '5.1.1', said: 'gone' }],
      trace: { tokens: [{ id: 1234 }], relayId: null },
    });
    expect(of({ type: 'complaint', address: 'ana@example.com' })).toMatchObject({ addresses: ['ana@example.com'] });
    expect(of({ type: 'leave', token: fixtureTokens.leave })).toMatchObject({ kind: 'leave', trace: { tokens: [{}] } });
    expect(of({ type: 'delivered', relayId: 'abcdefgh' })).toMatchObject({ trace: { relayId: 'abcdefgh' } });
    expect(of({ type: 'delayed' })).toEqual({ kind: 'delayed' });
  });

  it('says what isn’t as documented, whatever it is', () => {
    expect(of({ type: 'bounce', status: 'gone' })).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringMatching(/^Its status/),
    });
    fc.assert(fc.property(fc.string(), (text) => readGenericEvent(text).kind === 'unreadable'));
    fc.assert(fc.property(fc.json(), (text) => readGenericEvent(text).kind === 'unreadable'));
  });
});
