import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDkimKeys } from '../../src/delivery/dkim/dkim-key.ts';
import { bothPass, verifyDkim } from '../support/dkim.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

const article = `---
title: A bridge opens
summary: It was closed.
date: 2024-01-05
countries: [georgia]
---

Text.
`;

describe('silkpost dkim new', () => {
  it('makes keys that nobody else can read, and prints what the preview’s signatures verify with', async () => {
    const dir = await smallPublication();
    const made = await runSilkpost(['dkim', 'new', '--dir', dir, '--selector', 's1']);
    expect(made.code).toBe(0);
    const [rsa = '', ed25519 = '', , ...yaml] = made.stdout.trimEnd().split('\n');
    expect(ed25519).toMatch(/^s1-ed\._domainkey\.courier\.example\. IN TXT "v=DKIM1; k=ed25519; p=[\w+/=]{44}"$/);
    expect(rsa).toMatch(/^s1\._domainkey\.courier\.example\. IN TXT "v=DKIM1; k=rsa; p=[^"]+" "[^"]+"$/);
    for (const [text = ''] of rsa.matchAll(/"[^"]+"/g)) expect(text.length).toBeLessThanOrEqual(257);
    for (const name of ['s1', 's1-ed']) {
      const { mode } = await stat(join(dir, 'var', 'keys', `${name}.courier.example.pem`));
      if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    }

    const file = join(dir, 'silkpost.yaml');
    const mail = yaml.map((line) => `  ${line}`).join('\n');
    await writeFile(file, (await readFile(file, 'utf8')).trimEnd().concat('\n', mail, '\n'));
    await writeFile(join(dir, 'content', 'bridge.md'), article);
    const shown = await runSilkpost(['preview', 'weekly', '--articles', 'bridge', '--dir', dir]);
    expect(shown).toMatchObject({ code: 0, stderr: expect.not.stringContaining('signature') });
    const eml = await readFile(join(dir, 'var', 'preview', 'weekly.en.eml'));
    const settings = ['s1', 's1-ed'].map((selector) => {
      const keyFile = join(dir, 'var', 'keys', `${selector}.courier.example.pem`);
      return { domain: 'courier.example', selector, keyFile, omit: [] };
    });
    expect(await verifyDkim(eml, await readDkimKeys(settings, () => {}))).toEqual(bothPass);

    const again = await runSilkpost(['dkim', 'new', '--dir', dir, '--selector', 's1']);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/is there already\. Choose another --selector; nothing was written/);
  });

  it('prints JSON, for another domain, named by the month', async () => {
    const dir = await smallPublication();
    const made = await runSilkpost(['dkim', 'new', '--dir', dir, '--domain', 'news.courier.example', '--json']);
    const { keys, records } = JSON.parse(made.stdout);
    const [rsa, ed25519] = keys;
    expect(rsa.selector).toMatch(/^s20\d{4}$/);
    expect(ed25519).toEqual({
      domain: 'news.courier.example',
      selector: `${rsa.selector}-ed`,
      algorithm: 'ed25519-sha256',
      keyFile: `var/keys/${rsa.selector}-ed.news.courier.example.pem`,
    });
    expect(records).toMatchObject([
      { name: `${rsa.selector}._domainkey.news.courier.example`, type: 'TXT' },
      { name: `${rsa.selector}-ed._domainkey.news.courier.example`, type: 'TXT' },
    ]);
    expect((await runSilkpost(['dkim', 'new', '--dir', dir, '--domain', 'x y'])).code).toBe(1);
  });
});

describe('a key that signs', () => {
  it('is missing: nothing is sent and nothing starts, a preview goes without', async () => {
    const dir = await smallPublication();
    const file = join(dir, 'silkpost.yaml');
    const entry = '  dkim: [{ domain: courier.example, selector: s1, keyFile: var/keys/s1.pem }]\n';
    await writeFile(file, (await readFile(file, 'utf8')) + entry);
    await writeFile(join(dir, 'content', 'bridge.md'), article);
    for (const words of [['start'], ['run'], ['send', 'weekly', '--articles', 'bridge', '--yes']]) {
      const ended = await runSilkpost([...words, '--dir', dir], { SILKPOST_PORT: '0' });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(
        /^silkpost: The key of mail\.dkim for s1\._domainkey\.courier\.example, .*is not there/,
      );
    }
    const shown = await runSilkpost(['preview', 'weekly', '--articles', 'bridge', '--dir', dir]);
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain('The preview has no signature.');
  });
});
