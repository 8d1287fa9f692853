import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressKey } from '../../../src/subscribers/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { addReaders, freezeWeekly, manyReaders, openMailRoom } from '../../support/mailing.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';
const edition = 'weekly-2026-11-27T0300Z';
const letters = 5000;

let desk: TestConsole;
let folder: string;
const closing: (() => Promise<void>)[] = [];

async function write(
  path: string,
  to: string,
  subject: string,
  body = 'Content-Type: text/plain\r\n\r\nHello.',
): Promise<void> {
  await writeFile(join(folder, `${path}.eml`), `To: ${to}\r\nSubject: ${subject}\r\n${body}\r\n`);
  await writeFile(join(folder, `${path}.json`), JSON.stringify({ from: 'b@dispatch.example', to, kind: 'digest' }));
}

/** An edition of 120 deliveries, of which all but the first 10 were written, the last 5 of those being gone since. */
async function sendEdition({ app }: TestConsole): Promise<void> {
  const room = await openMailRoom(join(app.config.dir, 'var'));
  await addReaders(room, [...manyReaders(119), { email: "o'neil@example.com", lang: 'fa' }]);
  const { id } = await freezeWeekly(room, { now });
  expect(id).toBe(edition);
  const rows = await room.database.selectFrom('delivery').select(['id', 'address']).orderBy('id').execute();
  await mkdir(join(folder, id));
  for (const [index, { id: delivery, address }] of rows.entries()) {
    await room.database
      .updateTable('delivery')
      .set({ state: index < 10 ? 'failed' : 'sent', address_key: addressKey(app.keys, address ?? '') })
      .where('id', '=', delivery)
      .execute();
    if (index < 10 || (index >= 114 && index < 119)) continue;
    await write(`${id}/${delivery}-${encodeURIComponent(address ?? '')}`, address ?? '', `Title of a in ${index}`);
  }
  await room.close();
}

beforeAll(async () => {
  const place = await createTemporaryFolder();
  closing.push(place.remove);
  desk = await openConsole({
    folder: await smallPublication(place.path),
    closeLater: (close) => closing.unshift(close),
  });
  folder = desk.app.config.paths.outbox;
  await mkdir(join(folder, 'confirm'), { recursive: true });
  for (let number = 1; number <= letters; number += 1) {
    await writeFile(
      join(folder, 'confirm', `${number}-reader${number}%40example.com.eml`),
      `To: reader${number}@example.com\r\nSubject: ${number === 4321 ? 'ТЕГЕРАН' : 'Please confirm'}\r\n\r\nHello.\r\n`,
    );
  }
  await sendEdition(desk);
  await mkdir(join(folder, 'test'));
  const html =
    '<html><head></head><body><h1>Talks</h1><script>parent.location = "/x"</script><form action="/y"></form></body></html>';
  await write(
    'test/ab12-ana%40example.com',
    'ana@example.com',
    '=?UTF-8?B?2KrZh9ix2KfZhg==?=',
    `Content-Type: text/html; charset=utf-8\r\nX-Note: <b>\r\n\r\n${html}`,
  );
  await write('test/00ff-b%40example.com', 'b@example.com', 'Older <i>');
  await utimes(join(folder, 'test', '00ff-b%40example.com.eml'), 1, 1);
  for (const [index, name] of ['confirm', edition, 'test'].entries())
    await utimes(join(folder, name), 1_000_000 + index, 1_000_000 + index);
}, 60_000);
afterAll(async () => {
  for (const close of closing) await close();
});

async function text(path: string): Promise<string> {
  const answer = await desk.get(path);
  expect(answer.status, path).toBe(200);
  return answer.body.toString();
}

/** To whom the mails of a page are. */
function listed(page: string): string[] {
  return [...page.matchAll(/<bdi>([^<]+@[^<]+)<\/bdi> <small>/g)].map(([, to = '']) => to);
}

function nextPage(page: string): string {
  return (/href="\/console([^"]+)">Next page/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');
}

describe('/console/outbox', () => {
  it('opens the newest folder and names the others, the newest first', async () => {
    const page = await text('/outbox');
    expect([...page.matchAll(/<a href="\/console\/outbox\/([^"/]+)"/g)].map(([, name]) => name)).toEqual([
      'test',
      edition,
      'confirm',
    ]);
    expect(page).toContain('Test copies');
    expect(page).toContain('<a href="/console/outbox/test/ab12-ana%2540example.com.eml" dir="auto">تهران</a>');
    expect(listed(page)).toEqual(['ana@example.com', 'b@example.com']);
    expect(page).toContain('Older &lt;i&gt;');
    expect(page).toContain('No relay is configured');
  });

  it('lists an edition by its ledger, without the mails that were never written or are gone', async () => {
    const first = await text(`/outbox/${edition}`);
    expect(listed(first)).toHaveLength(50);
    expect(listed(first)[0]).toBe('reader10@example.com');
    const second = await text(nextPage(first));
    const third = await text(nextPage(second));
    expect(listed(second)).toHaveLength(50);
    expect(listed(third)).toEqual([
      'reader110@example.com',
      'reader111@example.com',
      'reader112@example.com',
      'reader113@example.com',
      'o&#39;neil@example.com',
    ]);
    expect(nextPage(third)).toBe('');
  });

  it('finds in an edition by address, whole or in part, and by subject', async () => {
    expect(listed(await text(`/outbox/${edition}?q=READER11%40example.com`))).toContain('reader11@example.com');
    expect(listed(await text(`/outbox/${edition}?q=neil`))).toEqual(['o&#39;neil@example.com']);
    expect(listed(await text(`/outbox/${edition}?q=title%20of`))).toHaveLength(50);
    expect(await text(`/outbox/${edition}?q=nobody`)).toContain('No such mail.');
  });

  it('pages through thousands of letters, the newest first, and finds one by its subject', async () => {
    const first = await text('/outbox/confirm');
    expect(listed(first).slice(0, 2)).toEqual(['reader5000@example.com', 'reader4999@example.com']);
    expect(listed(await text(nextPage(first)))[0]).toBe('reader4950@example.com');
    let page = await text(`/outbox/confirm?q=${encodeURIComponent('тегеран')}`);
    expect(page).toContain('There may be more');
    for (let pages = 0; listed(page).length === 0 && pages < 11; pages += 1) page = await text(nextPage(page));
    expect(listed(page)).toEqual(['reader4321@example.com']);
    expect(listed(await text('/outbox/confirm?q=reader4999'))).toEqual(['reader4999@example.com']);
  });

  it('sees a letter that came since, and none that has gone', async () => {
    const path = join(folder, 'confirm', '5001-new%40example.com.eml');
    await writeFile(path, 'To: new@example.com\r\nSubject: New\r\n\r\n');
    expect(listed(await text('/outbox/confirm'))[0]).toBe('new@example.com');
    await rm(path);
    expect(listed(await text('/outbox/confirm'))[0]).toBe('reader5000@example.com');
  });

  it('shows one mail as text, with headers and envelope, and as it stands', async () => {
    const path = '/outbox/test/ab12-ana%2540example.com.eml';
    const page = await text(path);
    expect(page).toContain('<h1 dir="auto">تهران</h1>');
    expect(page).toMatch(
      /<iframe class="mail wide" title="تهران" sandbox="[a-z -]+" src="\/console\/outbox\/test\/ab12-ana%2540example\.com\.eml\/html">/,
    );
    expect(await text(`${path}?as=headers`)).toContain('<dd dir="auto">&lt;b&gt;</dd>');
    expect(await text(`${path}?as=headers`)).toContain('b@dispatch.example');
    expect(await text(`${path}?as=source`)).toContain('=?UTF-8?B?2KrZh9ix2KfZhg==?=');
    expect(await text('/outbox/test/00ff-b%2540example.com.eml')).toContain(
      '<pre class="mail-source" dir="auto" tabindex="0">Hello.',
    );
  });

  it('gives a mail’s HTML no script, no form and no origin of ours', async () => {
    const answer = await desk.get('/outbox/test/ab12-ana%2540example.com.eml/html');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox(?!.*allow-(scripts|same-origin|forms))/);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each([
    '/outbox/..%2f..',
    '/outbox/%2e%2e/silkpost.yaml',
    '/outbox/nowhere',
    '/outbox/test/..%2f..%2fsilkpost.db',
    '/outbox/test/ab12-ana%2540example.com.json',
    '/outbox/test/1.eml%00.png',
    '/outbox/test/none.eml/html',
  ])('knows nothing outside itself: %s', async (path) => {
    expect((await desk.get(path)).status).toBe(404);
  });

  it('is for those who may see it, and nobody else', async () => {
    const viewer = await desk.signIn('viewer');
    for (const path of ['/outbox', '/outbox/test', '/outbox/test/ab12-ana%2540example.com.eml/html']) {
      expect((await viewer.get(path)).status).toBe(403);
      expect((await desk.get(path, { cookie: '' })).status).toBe(303);
    }
  });

  it('says that mail leaves by the relay where there is one', async () => {
    const { get } = await openConsole({ environment: { SILKPOST_SMTP_URL: 'smtp://127.0.0.1:2525?tls=none' } });
    const page = (await get('/outbox')).body.toString();
    expect(page).toContain('Mail leaves by <bdi>smtp://127.0.0.1:2525</bdi>');
    expect(page).toContain('No mail has been written yet.');
  });
});

describe('a mail in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('is shown in its frame, on a phone’s width too, and runs nothing', async () => {
    const { page, context } = await desk.page(browser, { viewport: { width: 360, height: 740 } });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => dialogs.push(dialog.message()));
    await page.goto(desk.at('/outbox/test/ab12-ana%2540example.com.eml?as=phone'));
    expect(await page.frameLocator('iframe.mail').getByRole('heading').textContent()).toBe('Talks');
    expect(new URL(page.url()).pathname).toContain('/console/outbox/test/');
    for (const path of ['/outbox', '/outbox/confirm', '/outbox/test/ab12-ana%2540example.com.eml?as=headers']) {
      await page.goto(desk.at(path));
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), path).toBe(false);
    }
    expect(dialogs).toEqual([]);
    await context.close();
  });
});
