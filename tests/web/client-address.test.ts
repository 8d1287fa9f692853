import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientAddress } from '../../src/web/client-address.ts';

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}

describe('createClientAddress', () => {
  const direct = createClientAddress([]);
  const behindProxies = createClientAddress(['10.0.0.0/8', '2001:db8:ffff::/48', '198.51.100.4']);

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['127.0.0.1', null],
    ['::1', null],
    ['::ffff:127.0.0.1', null],
    ['172.17.0.1', null],
    ['fe80::1%eth0', null],
    ['', null],
  ])('knows the client that connected from %s as %s', (address, client) => {
    expect(direct(requestFrom(address))).toBe(client);
  });

  it('believes no header of somebody who isn’t a trusted proxy', () => {
    expect(direct(requestFrom('203.0.113.7', '192.0.2.1'))).toBe('203.0.113.7');
    expect(direct(requestFrom('127.0.0.1', '192.0.2.1'))).toBeNull();
    expect(behindProxies(requestFrom('198.51.100.5', '192.0.2.1'))).toBe('198.51.100.5');
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1', '192.0.2.1'],
    ['6.6.6.6, 192.0.2.1, 10.1.1.1 , 198.51.100.4', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9, 2001:db8:ffff::1', '2001:db8:1:2::/64'],
    ['192.168.7.7', '192.168.7.7'],
    ['192.0.2.1, unknown', null],
    ['10.1.1.1', null],
    ['', null],
    [undefined, null],
  ])('reads X-Forwarded-For %s of a trusted proxy from the right: %s', (forwarded, client) => {
    expect(behindProxies(requestFrom('10.0.0.1', forwarded))).toBe(client);
    expect(behindProxies(requestFrom('::ffff:10.0.0.1', forwarded))).toBe(client);
  });

  it('survives any header', () => {
    fc.assert(fc.property(fc.string(), (forwarded) => behindProxies(requestFrom('10.0.0.1', forwarded)) !== undefined));
    fc.assert(
      fc.property(fc.ipV6(), (address) =>
        /^[\da-f:]+::\/64$|^null$|\./.test(String(behindProxies(requestFrom('10.0.0.1', address)))),
      ),
    );
  });
});
