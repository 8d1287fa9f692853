import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { createDeliveryLedger, openDatabase } from '../../src/storage/index.ts';
import { deliveryKey, openKeys } from '../../src/subscribers/index.ts';
import { bounceMail, bounceMailAbout } from '../support/bounce-mail.ts';
import { subjectOf } from '../support/bounce-room.ts';
import { collect } from '../support/mailing.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

const article = `---
title: Talks in Tehran
summary: Two secretaries met.
date: 2023-04-09T18:30:00+04:00
---
They met.
`;

/** A publication that has sent an edition to one reader; the delivery's genuine report. */
async function sentPublication(): Promise<{ dir: string; report: Buffer; complaint: Buffer }> {
  const dir = await smallPublication();
  await writeFile(join(dir, 'content', 'talks.md'), article);
  await runSilkpost(['subscribers', 'add', 'ana@example.com', '--dir', dir]);
  const sent = await runSilkpost(['send', 'weekly', '--since', '2023-01-01', '--yes', '--dir', dir]);
  expect(sent.code, sent.stderr).toBe(0);
  const { paths } = readConfig({ dir, environment: {} });
  const database = await openDatabase(paths.database);
  const { id } = await database.selectFrom('edition').select('id').executeTakeFirstOrThrow();
  const [delivery] = await collect(createDeliveryLedger(database).listDeliveries(id));
  await database.destroy();
  if (!delivery) throw new Error('nothing was sent');
  const key = deliveryKey(await openKeys(paths.data));
  return {
    dir,
    report: bounceMailAbout('postfix-unknown-user', key, subjectOf(delivery)),
    complaint: bounceMailAbout('arf-redacted', key, subjectOf(delivery)),
  };
}

describe('silkpost bounce', () => {
  it('takes a report on stdin, and the address gets no mail from then on', async () => {
    const { dir, report } = await sentPublication();
    const taken = await runSilkpost(['bounce', '--dir', dir], {}, report);
    expect(taken).toMatchObject({ code: 0, stdout: '' });
    const listed = await runSilkpost(['suppressions', 'list', '--json', '--dir', dir]);
    expect(JSON.parse(listed.stdout)).toMatchObject([{ email: 'ana@example.com', reason: 'address_gone' }]);
    const all = await runSilkpost(['bounce', '--list', '--all', '--jsonl', '--dir', dir]);
    expect(JSON.parse(all.stdout)).toMatchObject({ source: 'mail', state: 'handled', kind: 'bounce' });
    expect((await runSilkpost(['suppressions', 'lift', 'ana@example.com', '--dir', dir])).code).toBe(0);
    expect((await runSilkpost(['suppressions', 'list', '--jsonl', '--dir', dir])).stdout).toBe('');
  });

  it('keeps what it doesn’t understand, says so, and prints it again as it came', async () => {
    const dir = await smallPublication();
    const raw = bounceMail('malformed-server-prose');
    const taken = await runSilkpost(['bounce', '--dir', dir], {}, raw);
    expect(taken.code).toBe(0);
    expect(taken.stderr).toMatch(/isn’t understood.*silkpost bounce --show 1/);
    const listed = await runSilkpost(['bounce', '--list', '--dir', dir]);
    expect(listed.code).toBe(3);
    expect(listed.stdout).toMatch(/^1 .* quarantined .* no report in any known form/);
    expect((await runSilkpost(['bounce', '--show', '1', '--dir', dir])).stdout).toBe(raw.toString());
    expect(await runSilkpost(['bounce', '--show', '2', '--dir', dir])).toMatchObject({ code: 1 });
    expect((await runSilkpost(['bounce', '--retry', '--dir', dir])).stderr).toMatch(/1 looked at again; 1 not/);
  });

  it('has the mail server bring it again where it can’t be kept', async () => {
    const dir = await smallPublication();
    await writeFile(join(dir, 'var'), 'no folder');
    expect(await runSilkpost(['bounce', '--dir', dir], {}, bounceMail('qmail'))).toMatchObject({ code: 75 });
    expect(await runSilkpost(['bounce', '--dir', join(dir, 'nowhere')], {}, bounceMail('qmail'))).toMatchObject({
      code: 75,
    });
    expect(await runSilkpost(['bounce', '--dir', dir], {}, Buffer.alloc(0))).toMatchObject({ code: 75 });
  });
});

describe('silkpost suppressions', () => {
  it('keeps an address out by an operator’s word, and lets it in again', async () => {
    const dir = await smallPublication();
    const place = ['--dir', dir];
    expect(
      (await runSilkpost(['suppressions', 'add', 'bo@example.com', '--reason', 'asked by phone', ...place])).code,
    ).toBe(0);
    const refused = await runSilkpost(['subscribers', 'add', 'Bo@example.com', ...place]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('suppressed') });
    expect((await runSilkpost(['suppressions', 'list', ...place])).stdout).toMatch(/…\)\tasked by phone\t20/);
    expect((await runSilkpost(['suppressions', 'lift', 'BO@example.com', ...place])).code).toBe(0);
    expect((await runSilkpost(['subscribers', 'add', 'bo@example.com', ...place])).code).toBe(0);
    expect((await runSilkpost(['suppressions', 'add', 'nobody', '--reason', 'x', ...place])).code).toBe(1);
  });

  it('lets nobody but the reader lift a complaint', async () => {
    const { dir, complaint } = await sentPublication();
    expect((await runSilkpost(['bounce', '--dir', dir], {}, complaint)).code).toBe(0);
    const lifted = await runSilkpost(['suppressions', 'lift', 'ana@example.com', '--dir', dir]);
    expect(lifted.code).toBe(1);
    expect(lifted.stderr).toMatch(/Only the reader’s own new subscription/);
    const again = await runSilkpost(['subscribers', 'add', 'ana@example.com', '--dir', dir]);
    expect(again.stderr).toMatch(/suppressed/);
  });
});
