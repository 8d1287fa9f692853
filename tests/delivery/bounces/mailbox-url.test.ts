import { describe, expect, it } from 'vitest';
import { parseMailboxUrl } from '../../../src/delivery/index.ts';

describe('parseMailboxUrl', () => {
  it('reads a server with its secret, and keeps the secret out of its name', () => {
    expect(parseMailboxUrl('imaps://bounces%40dispatch.example:p%3Aw@mail.example?ca=/etc/ca.pem')).toEqual({
      host: 'mail.example',
      port: 993,
      tls: 'implicit',
      user: 'bounces@dispatch.example',
      password: 'p:w',
      caFile: '/etc/ca.pem',
      name: 'imaps://mail.example:993',
    });
  });

  it('demands TLS from every machine but this one', () => {
    expect(parseMailboxUrl('imap://a:b@mail.example').tls).toBe('starttls');
    expect(parseMailboxUrl('imap://a:b@127.0.0.1:1143').tls).toBe('none');
    expect(parseMailboxUrl('imap://a:b@localhost').tls).toBe('none');
    expect(parseMailboxUrl('imap://a:b@mail.localhost').tls).toBe('starttls');
    expect(parseMailboxUrl('imap://a:b@[::1]')).toMatchObject({ host: '::1', port: 143, tls: 'none' });
  });

  it('refuses anything else without repeating it', () => {
    for (const [text, sentence] of [
      ['pop3://a:secret@mail.example', /must look like imaps/],
      ['secret', /must look like imaps/],
      ['imaps://mail.example', /needs a user name and a password/],
      ['imaps://a:secret@mail.example/INBOX', /bounces\.imap\.folder/],
      ['imaps://a:secret@mail.example?tls=none', /option tls/],
      ['imaps://a:secret@mail.example?ca=ca.pem', /whole path/],
      ['imaps://a:%secret@mail.example', /%25/],
    ] as const) {
      expect(() => parseMailboxUrl(text), text).toThrow(sentence);
      expect(() => parseMailboxUrl(text), text).not.toThrow(/secret/);
    }
  });
});
