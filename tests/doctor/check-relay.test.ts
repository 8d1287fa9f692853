import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRelayUrl } from '../../src/delivery/index.ts';
import { checkRelay } from '../../src/doctor/check-relay.ts';
import { freePort } from '../support/free-port.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/relay-tls/${name}`, import.meta.url));
const ca = fixture('cert.pem');
const now = new Date('2026-11-27T03:00:00Z');

async function startRelay(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    key: readFileSync(fixture('key.pem')),
    cert: readFileSync(ca),
    onAuth: (_auth, _session, done) => done(new Error('nobody signs in here')),
    ...options,
  });
  server.on('error', () => {});
  const { server: net } = server;
  server.listen(0, '127.0.0.1');
  if (!net.listening) await once(net, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = net.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function check(url: string, at = now) {
  return (await checkRelay(parseRelayUrl(url), 'https://dispatch.example', at)).findings;
}

describe('checkRelay', () => {
  it('has nothing against one that upgrades, is trusted and lets sign in', async () => {
    const port = await startRelay({});
    const found = await check(`smtp://desk:secret@localhost:${port}?tls=require&ca=${ca}`);
    expect(found).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/answers over TLSv1\.\d, and offers AUTH /) },
    ]);
    const implicit = await startRelay({ secure: true });
    expect(await check(`smtps://localhost:${implicit}?ca=${ca}`)).toMatchObject([{ level: 'ok' }]);
  });

  it('finds no STARTTLS, a certificate that nobody vouches for, and one that is about to end', async () => {
    const plain = await startRelay({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await check(`smtp://localhost:${plain}?tls=require`)).toMatchObject([
      { level: 'fault', message: expect.stringContaining('offers no STARTTLS') },
    ]);
    const port = await startRelay({});
    expect(await check(`smtp://localhost:${port}?tls=require`)).toMatchObject([
      { level: 'fault', message: expect.stringMatching(/isn’t trusted \([A-Z_]+\)/) },
    ]);
    const { expiresAt } = (
      await checkRelay(parseRelayUrl(`smtps://localhost:${await startRelay({ secure: true })}?ca=${ca}`), '', now)
    ).probe?.tls ?? { expiresAt: null };
    const late = new Date((expiresAt?.getTime() ?? 0) - 13 * 24 * 3600_000);
    expect(await check(`smtp://localhost:${port}?tls=require&ca=${ca}`, late)).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/ends on \d{4}-\d\d-\d\d/) },
    ]);
  });

  it('finds that nobody can sign in, and that nobody is there, and never tells the password', async () => {
    const port = await startRelay({ disabledCommands: ['AUTH'] });
    const [found] = await check(`smtp://desk:hunter2@localhost:${port}?tls=require&ca=${ca}`);
    expect(found).toMatchObject({ level: 'fault', message: expect.stringContaining('no way to sign in') });
    expect(JSON.stringify(found)).not.toContain('hunter2');
    const free = await freePort();
    expect(await check(`smtp://127.0.0.1:${free}`)).toMatchObject([
      { level: 'fault', message: expect.stringMatching(/can’t be used: connect ECONNREFUSED/) },
    ]);
    expect(await check(`smtps://localhost:${port}`)).toMatchObject([
      {
        level: 'fault',
        message: expect.stringMatching(/^The relay .* can’t be used: what answers there speaks no TLS /),
      },
    ]);
  });

  it('says that editions are held where links would go in clear', async () => {
    const { findings } = await checkRelay(
      { ...parseRelayUrl('smtp://127.0.0.1:1'), loopback: false },
      'http://dispatch.example',
      now,
    );
    expect(findings[0]).toMatchObject({ level: 'fault', message: expect.stringContaining('editions are held') });
    expect((await checkRelay(null, 'http://dispatch.example', now)).findings).toMatchObject([{ level: 'note' }]);
  });
});
