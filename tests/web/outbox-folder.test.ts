import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutboxFolder } from '../../src/web/outbox-folder.ts';
import { rawRequest } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serve, testWebApp } from '../support/web-app.ts';

const message = (to: string): string =>
  `To: ${to}\r\nSubject: Talks for ${to}\r\nContent-Type: text/plain\r\n\r\nHello.\r\n`;

async function outboxWith(names: readonly string[]): Promise<string> {
  const { path } = await temporaryFolder();
  for (const name of names) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), message(name));
  }
  return path;
}

describe('createOutboxFolder', () => {
  it('lists mails by edition in the order of their numbers', async () => {
    const outbox = createOutboxFolder(
      await outboxWith(['weekly-1/10-b%40x.eml', 'weekly-1/2-a%40x.eml', 'weekly-1/2.json']),
    );
    const mails = await outbox.list();
    expect(mails.map(({ edition, file, subject }) => [edition, file, subject])).toEqual([
      ['weekly-1', '2-a%40x.eml', 'Talks for weekly-1/2-a%40x.eml'],
      ['weekly-1', '10-b%40x.eml', 'Talks for weekly-1/10-b%40x.eml'],
    ]);
  });

  it('is empty before the first mail', async () => {
    expect(await createOutboxFolder(join((await temporaryFolder()).path, 'none')).list()).toEqual([]);
  });

  it.each([
    ['..', 'secret.eml'],
    ['weekly-1', '../../secret.eml'],
    ['weekly-1', '..'],
    ['weekly-1', '1.json'],
    ['weekly-1', '1.eml\0.png'],
    ['.', 'weekly-1/1.eml'],
    ['', '1.eml'],
  ])('reads nothing outside itself: %s / %s', async (edition, file) => {
    const root = await outboxWith(['outbox/weekly-1/1.eml', 'outbox/weekly-1/1.json', 'secret.eml']);
    const outbox = createOutboxFolder(join(root, 'outbox'));
    expect(await outbox.read(edition, file)).toBeNull();
    expect(await outbox.read('weekly-1', '1.eml')).not.toBeNull();
  });

  it('is reached over HTTP under the names on disk, percent signs and all', async () => {
    const root = await outboxWith(['weekly-1/1-ana%40example.com.eml']);
    const { url } = await serve({ ...testWebApp(), outbox: createOutboxFolder(root) });
    const list = (await rawRequest(url, '/outbox')).body.toString();
    const link = /href="(\/outbox\/weekly-1\/[^"]+)"/.exec(list)?.[1] ?? '';
    expect(link).toBe('/outbox/weekly-1/1-ana%2540example.com.eml');
    expect((await rawRequest(url, `${link}?as=text`)).body.toString()).toContain('Hello.');
  });
});
