import { describe, expect, it } from 'vitest';
import { mentionsAddress } from '../../../src/storage/readers/address-mentions.ts';

const address = 'ann+news@reader.example';
const report = (line: string): string => `From: mailer@relay.example\r\nSubject: Undelivered\r\n\r\n${line}\r\n`;

describe('mentionsAddress', () => {
  it.each([
    ['plainly', report(`Final-Recipient: rfc822; ${address}`)],
    ['in another case', report('To: Ann <ANN+News@Reader.Example>')],
    ['as a return path', report('To: bounces-12-ann+news=reader.example@dispatch.example')],
    ['in quoted-printable', report('Dear ann+news=40rea=\r\nder.example,')],
    ['in a link', report('https://relay.example/?who=ann%2Bnews%40reader.example')],
    ['in base64', report(Buffer.from(`The mail to ${address} came back, since its box is full.`).toString('base64'))],
    [
      'in wrapped base64',
      report(
        Buffer.from(`${'x'.repeat(70)} ${address} ${'y'.repeat(70)}`)
          .toString('base64')
          .replace(/.{76}/g, '$&\r\n'),
      ),
    ],
    ['in a header’s encoded word', `Subject: =?utf-8?B?${Buffer.from(`No ${address}`).toString('base64')}?=\r\n\r\n`],
    ['in escaped JSON', '{"recipient":"ann\\u002bnews\\u0040reader.example"}'],
  ])('finds it %s', (_, text) => {
    expect(mentionsAddress(Buffer.from(text), ['other@reader.example', address])).toBe(true);
  });

  it.each([
    'ann@example.com',
    '%3Cann%40example.com%3E',
    'ann@example.com.',
    '<ann@example.com>',
    'x-ann=example.com@y.example',
  ])('takes %s for ann@example.com', (text) => {
    expect(mentionsAddress(Buffer.from(text), ['ann@example.com'])).toBe(true);
  });

  it.each(['joann@example.com', 'ann@example.com.am', 'ann@example.community', 'joann%40example.com'])(
    'takes %s for another',
    (text) => {
      expect(mentionsAddress(Buffer.from(text), ['ann@example.com'])).toBe(false);
    },
  );

  it('passes over what names somebody else', () => {
    expect(mentionsAddress(Buffer.from(report('To: joann@reader.example')), [address])).toBe(false);
    expect(mentionsAddress(new Uint8Array(), [address])).toBe(false);
  });
});
