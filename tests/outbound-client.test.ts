import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createOutboundClient, isPublicAddress } from '../src/outbound-client.ts';
import { listenOnLoopback } from './support/hub.ts';

/** Ways to write an address of this machine or network: as a URL's host. */
const spellings = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '0x7f.0.0.1', '0x7f.1', '0x7f000001', '0177.0.0.1', '0177.1'],
  ...['017700000001', '2130706433', '127.0.0.1.', '127.000.000.001', '0', '0.0.0.0', '0x0', '00000000', '0.0.0.1'],
  ...['%31%32%37.0.0.1', '１２７.０.０.１', '①②⑦.0.0.1', '127。0。0。1', '127｡0｡0｡1', '127．0．0．1'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::0001]', '[0::1]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:0001]', '[::ffff:0:127.0.0.1]', '[::127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:7f00:0001::1]'],
  ...['[2001:0:4136:e378:8000:63bf:3fff:fdd2]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd12:3456::1]'],
  ...['[ff02::1]', '[ff0e::1]', '[2001:db8::1]', '[100::1]', '[3fff::1]', '[2001::1]', '[5f00::1]'],
  ...['10.0.0.1', '10.255.255.255', '0xa.0.0.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['192.168.1.254', '0xc0a80001', '3232235521', '169.254.169.254', '0xa9fea9fe', '2852039166', '[::ffff:a9fe:a9fe]'],
  ...['100.64.0.1', '100.127.255.255', '192.0.0.1', '192.0.0.170', '192.0.2.1', '192.88.99.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
];

describe('createOutboundClient', () => {
  const never = createOutboundClient({ resolve: async (name) => Promise.reject(new Error(`asked for ${name}`)) });

  it('refuses every spelling of an address that isn’t public, without asking anybody', async () => {
    for (const host of spellings) {
      for (const scheme of ['http', 'https']) {
        await expect(never.get(`${scheme}://${host}/`), host).rejects.toMatchObject({ code: 'invalid' });
      }
    }
    expect(spellings.length * 2).toBeGreaterThan(120);
  });

  it('refuses a name if any of its addresses isn’t public', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['192.0.43.8', '10.0.0.1'],
      ['::1'],
      ['2606:4700::1', 'fe80::1%eth0'],
      [],
    ]) {
      const client = createOutboundClient({ resolve: async () => addresses });
      await expect(client.get('https://name.test/'), addresses.join()).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('looks a name up once and connects to what it looked at, so that rebinding gains nothing', async () => {
    let hits = 0;
    const canary = new URL(
      await listenOnLoopback(
        createServer((_request, response) => {
          hits += 1;
          response.end();
        }),
      ),
    );
    const answers = [['127.0.0.1'], ['192.0.2.1']];
    const client = createOutboundClient({ resolve: async () => answers.shift() ?? [] });
    await expect(client.get(`http://rebinding.test:${canary.port}/`)).rejects.toMatchObject({ code: 'invalid' });
    await expect(client.get('http://rebinding.test/')).rejects.toMatchObject({ code: 'invalid' });
    expect(hits).toBe(0);
  });

  it('refuses other schemes, ports and passwords', async () => {
    for (const url of [
      'ftp://a.test/',
      'file:///etc/passwd',
      'https://a.test:8443/',
      'http://a.test:22/',
      'https://u:p@a.test/',
      '',
      '//a',
    ]) {
      await expect(never.get(url), url).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('says that a name can’t be found', async () => {
    await expect(never.get('https://nowhere.test/')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('createOutboundClient’s look', () => {
  async function site(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const { port } = new URL(await listenOnLoopback(createServer(answer)));
    const resolved: string[] = [];
    const client = createOutboundClient({
      async resolve(name) {
        resolved.push(name);
        if (name === 'gone.test') throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
        return name === 'inside.test' ? ['10.0.0.1'] : ['1.1.1.1'];
      },
      route: () => ({ address: '127.0.0.1', port: Number(port) }),
      timeoutMs: 500,
    });
    return { client, resolved };
  }

  it('asks by HEAD, by GET where that is refused, and follows redirects that it looks at anew', async () => {
    const asked: string[] = [];
    const { client, resolved } = await site((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { url = '', method } = request;
      if (url === '/moved') response.writeHead(301, { location: 'http://elsewhere.test/here' });
      else if (url === '/inside') response.writeHead(302, { location: 'http://inside.test/' });
      else if (url === '/port') response.writeHead(302, { location: 'http://a.test:6379/' });
      else if (url === '/loop') response.writeHead(302, { location: '/loop' });
      else response.writeHead(url === '/none' ? 404 : url === '/get' && method === 'HEAD' ? 405 : 200);
      response.end();
    });
    expect(await client.look('http://a.test/')).toEqual({ kind: 'answered', status: 200 });
    expect(await client.look('http://a.test/get')).toEqual({ kind: 'answered', status: 200 });
    expect(await client.look('http://a.test/none')).toEqual({ kind: 'answered', status: 404 });
    expect(await client.look('http://a.test/moved')).toEqual({ kind: 'answered', status: 200 });
    expect(asked).toEqual(['HEAD /', 'HEAD /get', 'GET /get', 'HEAD /none', 'GET /none', 'HEAD /moved', 'HEAD /here']);
    expect(resolved).toContain('elsewhere.test');
    expect(await client.look('http://a.test/inside')).toEqual({
      kind: 'unknown',
      why: 'inside.test isn’t a public address',
    });
    expect(await client.look('http://a.test/port')).toMatchObject({ kind: 'unknown' });
    expect(await client.look('http://a.test/loop')).toEqual({ kind: 'unknown', why: 'it leads on and on' });
  });

  it('never rejects: no such host, no answer in time, no address that may be asked', async () => {
    const { client } = await site(() => {}); // accepts, and never answers
    expect(await client.look('http://gone.test/')).toEqual({ kind: 'no_such_host', host: 'gone.test' });
    expect(await client.look('http://a.test/')).toEqual({
      kind: 'unknown',
      why: 'it doesn’t answer within 0.5 seconds',
    });
    expect(await client.look('http://127.0.0.1/')).toMatchObject({ kind: 'unknown' });
    expect(await client.look('http://a.test/', AbortSignal.abort())).toMatchObject({ kind: 'unknown' });
  });
});

describe('isPublicAddress', () => {
  it('knows the public Internet', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '100.63.0.1',
      '223.255.255.255',
      '2606:4700:4700::1111',
      '2a00:1450::1',
    ]) {
      expect(isPublicAddress(address), address).toBe(true);
    }
    for (const address of ['', 'localhost', '1.1.1', '::ffff:1.1.1.1', '64:ff9b::1.1.1.1', '2606:4700::1%eth0']) {
      expect(isPublicAddress(address), address).toBe(false);
    }
  });
});
