import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, Server } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { startServer } from '../../src/web/index.ts';
import { rawRequest } from '../support/http.ts';
import { serve, testWebApp } from '../support/web-app.ts';

/** The servers that begin to listen while the running test lasts. */
function listeningServers(): readonly Server[] {
  const servers: Server[] = [];
  const listening = (message: unknown): void => {
    if (typeof message === 'object' && message !== null && 'server' in message && message.server instanceof Server) {
      servers.push(message.server);
    }
  };
  subscribe('tracing:net.server.listen:asyncEnd', listening);
  onTestFinished(() => void unsubscribe('tracing:net.server.listen:asyncEnd', listening));
  return servers;
}

describe('startServer', () => {
  it('gives the head of a request ten seconds, and all of it thirty', async () => {
    const servers = listeningServers();
    await serve(testWebApp());
    expect(servers).toEqual([expect.objectContaining({ headersTimeout: 10_000, requestTimeout: 30_000 })]);
  });

  it('says in one sentence that a port is taken, and names it', async () => {
    const first = await serve(testWebApp());
    await expect(startServer(testWebApp(), { host: '127.0.0.1', port: first.port })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`^Port ${first.port} is taken.*SILKPOST_PORT\\.$`)),
    });
  });

  it('says that an address is not this machine’s', async () => {
    await expect(startServer(testWebApp(), { host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('lets an open request finish, closes idle connections, and takes no more', async () => {
    const app = testWebApp();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let entered = (): void => {};
    const inside = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const slow = {
      ...app,
      ready: async () => {
        entered();
        await held;
        return { ok: true, checks: {} };
      },
    };
    const server = await startServer(slow, { host: '127.0.0.1', port: 0 });
    const agent = new Agent({ keepAlive: true });
    const idle = request(`${server.url}/healthz`, { agent }).end();
    const [answer] = await once(idle, 'response');
    answer.resume();
    await once(answer, 'end');
    const open = rawRequest(server.url, '/readyz');
    await inside;
    const closed = server.close();
    letGo();
    expect((await open).status).toBe(200);
    await closed;
    agent.destroy();
    await expect(rawRequest(server.url, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('logs that connections can’t be taken, and takes the next', async () => {
    const servers = listeningServers();
    const error = vi.fn();
    const { url } = await serve({ ...testWebApp(), log: { ...silentLog, error } });
    for (const server of servers) for (const times of [1, 2]) server.emit('error', new Error(`accept ${times}`));
    expect(error.mock.calls.map(([, { message }]) => message)).toEqual([
      'A connection was lost: accept 1.',
      'A connection was lost: accept 2.',
    ]);
    expect((await rawRequest(url, '/healthz')).status).toBe(200);
  });

  it('answers what is no HTTP with 400 and closes', async () => {
    const { port } = await serve(testWebApp());
    for (const nonsense of [
      'GET / HTTP/1.1\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'nonsense\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1');
      socket.end(nonsense);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      await once(socket, 'close');
      expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  it.each([
    ['/subscribe', 'application/x-www-form-urlencoded', 413],
    ['/hooks/generic', 'application/json', 413],
    ['/', 'application/x-www-form-urlencoded', 405],
  ])('reads on after an early answer to %s before it closes, as nginx needs it', async (path, type, status) => {
    const { port } = await serve(testWebApp());
    const body = Buffer.alloc(8 * 1024 * 1024, 'a');
    const socket = connect(port, '127.0.0.1');
    const head = ['Host: localhost', 'Connection: close', `Content-Type: ${type}`, `Content-Length: ${body.length}`];
    socket.write(`POST ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
    // Goes on whatever it is told meanwhile: an error of writing rejects.
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(body, (error) => (error ? reject(error) : resolve()));
    });
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('latin1')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('tells nothing of a fault, and logs it without the reader’s token', async () => {
    const app = testWebApp();
    const lines: string[] = [];
    const broken = {
      ...app,
      log: { ...app.log, error: (event: string, fields: unknown) => lines.push(event + JSON.stringify(fields)) },
      readers: { ...app.readers, findLeaving: () => Promise.reject(new Error('database is locked')) },
    };
    const { url } = await serve(broken);
    expect((await rawRequest(url, '/unsubscribe/the-token-itself')).status).toBe(500);
    const answer = await rawRequest(url, '/fa/unsubscribe/the-token-itself');
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).toContain('خطایی رخ داد');
    expect(answer.body.toString()).not.toContain('database');
    expect(lines.join()).toContain('database is locked');
    expect(lines.join()).not.toContain('the-token-itself');
  });
});
