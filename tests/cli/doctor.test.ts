import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/operators/index.ts';
import { startDnsServer, type Zone } from '../support/dns-stub.ts';
import { freePort } from '../support/free-port.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

async function examine(dir: string, server: string, variables: Record<string, string> = {}) {
  const ended = await runSilkpost(['doctor', '--json', '--dns', server, '--dir', dir], variables);
  const findings: readonly Finding[] = JSON.parse(ended.stdout).findings;
  return { ...ended, findings };
}

describe('silkpost doctor', () => {
  it('asks a DNS server, has nothing against what is right, and ends with 0', async () => {
    const dir = await smallPublication();
    const made = await runSilkpost(['dkim', 'new', '--dir', dir, '--json']);
    const { keys, records } = JSON.parse(made.stdout);
    const file = join(dir, 'silkpost.yaml');
    const entries = keys.map(
      (key: { domain: string; selector: string; keyFile: string }) =>
        `    - { domain: ${key.domain}, selector: ${key.selector}, keyFile: ${key.keyFile} }\n`,
    );
    await writeFile(file, `${await readFile(file, 'utf8')}  dkim:\n${entries.join('')}`);
    const published = records.map(({ name, value }: { name: string; value: string }) => [name, { txt: [value] }]);
    const zone: Zone = {
      'courier.example': { txt: ['v=spf1 mx -all'], mx: ['mail.courier.example'] },
      'mail.courier.example': { a: ['192.0.2.1'] },
      '_dmarc.courier.example': { txt: ['v=DMARC1; p=reject'] },
      ...Object.fromEntries(published),
    };
    const { code, findings } = await examine(dir, await startDnsServer(zone));
    expect(findings.filter(({ level }) => level !== 'ok' && level !== 'note')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      ...['spf', 'dkim', 'dkim', 'dmarc', 'ptr', 'mx', 'bounces', 'relay', 'clock', 'disk', 'disk', 'permissions'],
    ]);
    expect(code).toBe(0);
  });

  it('says of each fault what to do, and ends with 1', async () => {
    const dir = await smallPublication();
    const server = await startDnsServer({
      'courier.example': { txt: ['v=spf1 +all'] },
      '_dmarc.courier.example': { broken: true },
    });
    const nobody = `smtp://127.0.0.1:${await freePort()}`;
    const { code, findings } = await examine(dir, server, { SILKPOST_SMTP_URL: nobody });
    expect(code).toBe(1);
    for (const { level, fix } of findings) if (level === 'fault' || level === 'warning') expect(fix).toMatch(/\.|:/);
    for (const check of ['spf', 'relay']) {
      expect(findings).toContainEqual(expect.objectContaining({ check, level: 'fault' }));
    }
    expect(findings).toContainEqual({
      check: 'dmarc',
      level: 'warning',
      message: 'This isn’t known: DNS has no answer for _dmarc.courier.example (ESERVFAIL).',
      fix: 'Try again in a minute.',
    });
    const shown = await runSilkpost(['doctor', '--dns', server, '--dir', dir]);
    expect(shown).toMatchObject({ code: 1, stdout: '' });
    expect(shown.stderr).toMatch(
      /^FAULT spf {9}The SPF record of courier\.example lets everybody send \(\+all\)\.\n {18}→ End it/,
    );
  });

  it('says once that there is no network, and ends with 3', async () => {
    const { code, findings } = await examine(await smallPublication(), '127.0.0.1:1');
    expect(findings.filter(({ level }) => level === 'warning' || level === 'fault')).toMatchObject([
      { check: 'dns', message: expect.stringContaining('were not looked at') },
    ]);
    expect(code).toBe(3);
  });

  it('asks DNS nothing where there is no newsletter', async () => {
    const dir = await smallPublication();
    const file = join(dir, 'silkpost.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/newsletters:[\s\S]*/, ''));
    const { code, findings } = await examine(dir, '127.0.0.1:1');
    expect(findings).toContainEqual(expect.objectContaining({ check: 'dns', level: 'note' }));
    expect(code).toBe(0);
  });

  it('takes no name for a DNS server', async () => {
    const ended = await runSilkpost(['doctor', '--dns', 'dns.example', '--dir', await smallPublication()]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('--dns needs an address');
  });
});
