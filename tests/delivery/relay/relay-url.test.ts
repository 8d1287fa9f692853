import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRelayUrl } from '../../../src/delivery/relay/relay-url.ts';
import { AppError } from '../../../src/errors.ts';

describe('parseRelayUrl', () => {
  it.each([
    ['smtps://relay.am', { port: 465, tls: 'implicit', loopback: false, name: 'smtps://relay.am:465' }],
    ['smtp://relay.am', { port: 587, tls: 'starttls', user: null, password: null }],
    ['smtp://relay.am:25?tls=none', { port: 25, tls: 'none' }],
    ['smtp://localhost:1025', { tls: 'opportunistic', loopback: true }],
    ['smtp://127.0.0.1:1025?tls=require', { tls: 'starttls', loopback: true }],
    ['smtp://[::1]:1025', { host: '::1', loopback: true, name: 'smtp://[::1]:1025' }],
    ['smtps://Почта.example', { host: 'xn--80a1acny.example', name: 'smtps://xn--80a1acny.example:465' }],
    ['smtp://127.evil.am', { tls: 'starttls', loopback: false }],
    ['smtp://u%40x:p%2Fw@relay.am', { user: 'u@x', password: 'p/w', name: 'smtp://relay.am:587' }],
    ['smtp://u:p@localhost?tls=none', { user: 'u', tls: 'none' }],
    ['smtps://relay.am?ca=/etc/ca.pem', { caFile: '/etc/ca.pem' }],
  ])('reads %s', (url, expected) => {
    expect(parseRelayUrl(url)).toMatchObject(expected);
  });

  it.each([
    ['http://relay.am', 'must look like'],
    ['relay.am:587', 'must look like'],
    ['', 'must look like'],
    ['smtp://relay%zz.am', 'must look like'],
    ['smtp://relay.am%0d%0ax', 'must look like'],
    ['smtp://relay.am/inbox', 'path'],
    ['smtp://relay.am?tls=maybe', 'neither none nor require'],
    ['smtp://relay.am?starttls=yes', 'option starttls'],
    ['smtps://relay.am?tls=none', 'at once'],
    ['smtp://user@relay.am', 'both a user name and a password'],
    ['smtp://user:hunter2@relay.am?tls=none', 'never sent in clear'],
    ['smtp://user:100%@relay.am', '%25'],
    ['smtps://relay.am?ca=ca.pem', 'whole path'],
  ])('refuses %s in a sentence', (url, part) => {
    expect(() => parseRelayUrl(url)).toThrow(part);
    expect(() => parseRelayUrl(url)).toThrow(AppError);
  });

  it('never repeats the password, and never throws anything but a sentence', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', '?tls=none', '?tls=x', '/path', '?zz=1'), (host, rest) => {
        try {
          const relay = parseRelayUrl(`smtp://user:hunter2@${host}${rest}`);
          expect(relay.name).not.toContain('hunter2');
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(String(error)).not.toContain('hunter2');
        }
      }),
    );
  });
});
