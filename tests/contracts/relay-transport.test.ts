import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Attempt, AttemptResult, DeliverySource, Phase } from '../../src/delivery/index.ts';
import { createNodemailerTransport, createSmtpTransport, parseRelayUrl, sendOne } from '../../src/delivery/index.ts';
import { type Fault, type Phase as ScriptPhase, startSmtpSink } from '../support/smtp-sink.ts';

const cert = fileURLToPath(new URL('../fixtures/relay-tls/cert.pem', import.meta.url));
const key = fileURLToPath(new URL('../fixtures/relay-tls/key.pem', import.meta.url));

interface Session {
  readonly secure: boolean;
  readonly user: unknown;
  readonly content: string;
}

/** A relay made by somebody else's SMTP server, so that we don't only understand ourselves. */
async function startRelay(
  options: SMTPServerOptions,
): Promise<{ port: number; sessions: Session[]; passwords: string[] }> {
  const sessions: Session[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    key: readFileSync(key),
    cert: readFileSync(cert),
    onAuth(auth, _session, done) {
      passwords.push(auth.password ?? '');
      if (auth.username === 'desk' && auth.password === 'hunter2') done(null, { user: 'desk' });
      else done(new Error(`bad password ${auth.password}`));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        sessions.push({
          secure: session.secure,
          user: session.user,
          content: Buffer.concat(chunks).toString('latin1'),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, sessions, passwords };
}

const attempt: Attempt = {
  deliveryId: 1,
  token: 'token',
  editionId: 'weekly-1',
  newsletter: 'weekly',
  kind: 'test',
  messageId: '<1@dispatch.example>',
  envelope: { from: 'digest@dispatch.example', to: 'reader@example.com' },
  message: () => [Buffer.from('Subject: Hello\r\nMIME-Version: 1.0\r\n\r\n'), Buffer.from('Hello\r\n.dot\r\n')],
};

const transports = { createSmtpTransport, createNodemailerTransport };

describe.each(Object.entries(transports))('%s', (_, createTransport) => {
  function transportTo(url: string) {
    return createTransport({
      relay: parseRelayUrl(url),
      connections: 1,
      messagesPerConnection: 10,
      drainMs: 1000,
    });
  }

  const send = (url: string) => sendOne(transportTo(url), attempt);

  it('gives a relay that has the name of this machine and is another one neither mail nor password', async () => {
    const { port, sessions, passwords } = await startRelay({ hideSTARTTLS: true });
    // As where a resolver knows the name elsewhere: it is what `remoteAddress` reads.
    const peer = Reflect.get(Socket.prototype, '_getpeername');
    const peerIs = (address: string) => Reflect.set(Socket.prototype, '_getpeername', () => ({ address }));
    onTestFinished(() => void Reflect.set(Socket.prototype, '_getpeername', peer));
    peerIs('192.0.2.7');
    await expect(send(`smtp://desk:hunter2@localhost:${port}`)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('localhost is 192.0.2.7, which isn’t this machine.'),
    });
    expect([sessions, passwords]).toEqual([[], []]);
    peerIs('::ffff:127.0.0.1');
    expect(await send(`smtp://desk:hunter2@localhost:${port}`)).toMatchObject({ kind: 'sent' });
  });

  it('hands a message over unchanged', async () => {
    const { port, sessions } = await startRelay({ hideSTARTTLS: true });
    expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({ kind: 'sent' });
    expect(sessions).toEqual([
      { secure: false, user: undefined, content: Buffer.concat(await attempt.message()).toString('latin1') },
    ]);
  });

  it('upgrades on loopback where that is offered, whatever the certificate', async () => {
    const { port, sessions } = await startRelay({});
    expect(await send(`smtp://127.0.0.1:${port}`)).toMatchObject({ kind: 'sent' });
    expect(sessions).toMatchObject([{ secure: true }]);
  });

  it('signs in over TLS with a certificate authority of its own', async () => {
    const { port, sessions } = await startRelay({});
    expect(await send(`smtp://desk:hunter2@127.0.0.1:${port}?tls=require&ca=${cert}`)).toMatchObject({ kind: 'sent' });
    expect(sessions).toMatchObject([{ secure: true, user: 'desk' }]);
  });

  it('speaks TLS from the start', async () => {
    const { port, sessions } = await startRelay({ secure: true });
    expect(await send(`smtps://localhost:${port}?ca=${cert}`)).toMatchObject({ kind: 'sent' });
    expect(sessions).toMatchObject([{ secure: true }]);
  });

  it('sends nothing, no password either, where TLS is required and not offered', async () => {
    const { port, sessions, passwords } = await startRelay({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    await expect(send(`smtp://desk:hunter2@127.0.0.1:${port}?tls=require`)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect([sessions, passwords]).toEqual([[], []]);
  });

  it('sends nothing, no password either, to a relay whose certificate nobody vouches for', async () => {
    const { port, sessions, passwords } = await startRelay({});
    await expect(send(`smtp://desk:hunter2@127.0.0.1:${port}?tls=require`)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect([sessions, passwords]).toEqual([[], []]);
  });

  it('says that it could not sign in, and never the password, though the relay repeats it', async () => {
    const { port, sessions } = await startRelay({});
    const sent = send(`smtp://desk:hunter3@127.0.0.1:${port}?tls=require&ca=${cert}`);
    await expect(sent).rejects.toThrow(/can't be used: Invalid login/);
    await expect(sent).rejects.not.toThrow(/hunter3/);
    expect(sessions).toEqual([]);
  });

  it.each<[Phase, ScriptPhase, Fault, string]>([
    ['mail', 'mail', 'drop', 'returned'],
    ['rcpt', 'rcpt', 'drop', 'returned'],
    ['data', 'data', 'drop', 'returned'],
    ['rcpt', 'rcpt', { answer: '550 5.1.1 nobody' }, 'failed'],
    ['data', 'data', { close: '421 4.3.2 going down' }, 'deferred'],
    ['final_dot', 'dot', 'drop', 'in_doubt'],
    ['final_dot', 'dot', { answer: '451 4.3.0 later' }, 'deferred'],
  ])('says that it came as far as %s', async (phase, at, fault, kind) => {
    const sink = await startSmtpSink({
      script: (step) => (step.phase === at && step.connection === 1 ? fault : null),
    });
    const results: AttemptResult[] = [];
    const waiting = [attempt];
    const source: DeliverySource = {
      next: async () => waiting.pop() ?? null,
      begin: async () => true,
      async settle(some) {
        results.push(...some);
      },
    };
    await transportTo(sink.relay.name)
      .run(source, new AbortController().signal)
      .catch(() => {});
    expect(results).toMatchObject([{ kind, phase }]);
  });

  it('refuses a ca file that is not there', () => {
    expect(() => send('smtps://localhost:1?ca=/nowhere/ca.pem')).toThrow(/can't be read/);
  });
});
