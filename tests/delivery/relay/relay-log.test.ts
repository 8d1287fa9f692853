import { describe, expect, it } from 'vitest';
import { createRelayLog } from '../../../src/delivery/relay/relay-log.ts';

const ours = '<0a1b2c@dispatch.example>';
const other = '<ffff@dispatch.example>';

function read(...lines: string[]) {
  const log = createRelayLog(new Set([ours]));
  for (const line of lines) log.read(line);
  return log.traces();
}

const at = 'Nov 27 03:00:01 mail postfix';

describe('createRelayLog', () => {
  it('takes a message for sent that Postfix queued', () => {
    const traces = read(
      `${at}/smtpd[7]: 4Xab12: client=news[192.0.2.1]`,
      `${at}/cleanup[8]: 4Xab12: message-id=${ours}`,
      `${at}/qmgr[9]: 4Xab12: from=<digest@dispatch.example>, size=30211, nrcpt=1 (queue active)`,
      `${at}/smtp[10]: 4Xab12: to=<a@example.com>, relay=mx.example.com[192.0.2.7]:25, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77)`,
      `${at}/qmgr[9]: 4Xab12: removed`,
    );
    expect(traces).toMatchObject([{ messageId: ours, truth: 'sent' }]);
    expect(traces[0]?.line).toContain('status=sent');
  });

  it('takes one for sent that came back later: the relay had it', () => {
    expect(
      read(
        `${at}/cleanup[8]: 4Xab12: message-id=${ours}`,
        `${at}/smtp[10]: 4Xab12: to=<a@example.com>, relay=none, dsn=5.1.1, status=bounced (550 no such user)`,
      ),
    ).toMatchObject([{ truth: 'sent' }]);
  });

  it('draws nothing from the Message-ID alone, which Postfix logs before it has the whole message', () => {
    expect(
      read(
        `${at}/cleanup[8]: 4Xab12: message-id=${ours}`,
        `${at}/smtpd[7]: lost connection after DATA (20000 bytes) from news[192.0.2.1]`,
      ),
    ).toEqual([]);
  });

  it('does not take another message for ours that got the same short queue id', () => {
    expect(
      read(
        `${at}/cleanup[8]: 4Xab12: message-id=${ours}`,
        `${at}/cleanup[8]: 4Xab12: message-id=${other}`,
        `${at}/qmgr[9]: 4Xab12: from=<x@example.com>, size=1, nrcpt=1 (queue active)`,
      ),
    ).toEqual([]);
  });

  it.each([
    ['Delivery', 'sent'],
    ['Bounce', 'sent'],
    ['Reject', 'failed'],
  ])('reads the event %s of Amazon SES', (eventType, truth) => {
    const event = { eventType, mail: { messageId: '0100', commonHeaders: { messageId: ours } } };
    expect(read(JSON.stringify(event))).toMatchObject([{ messageId: ours, truth }]);
    expect(read(JSON.stringify(event).replace('<', '\\u003c').replace('>', '\\u003e'))).toMatchObject([{ truth }]);
    expect(read(JSON.stringify(event).replace(ours, other))).toEqual([]);
  });

  it('never lets a refusal win over what shows it taken', () => {
    const line = (eventType: string) => JSON.stringify({ eventType, mail: { commonHeaders: { messageId: ours } } });
    expect(read(line('Reject'), line('Delivery'), line('Reject'))).toMatchObject([{ truth: 'sent' }]);
  });

  it('survives anything', () => {
    expect(read('', '{', 'x'.repeat(100_000), `${at}/cleanup[8]: message-id=`, '{"eventType": "Send"')).toEqual([]);
  });
});
