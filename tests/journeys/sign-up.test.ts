import { readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { newReader } from '../support/reader-store.ts';

const never = new AbortController().signal;
const thursday = '2026-11-26T12:00:00.000Z';

interface Newsroom extends App {
  readonly clock: FixedClock;
  readonly dir: string;
  /** Where it is served; links in mails begin with it. */
  readonly url: string;
}

async function newsroom(changes: (yaml: string) => string = (yaml) => yaml): Promise<Newsroom> {
  const dir = await smallPublication();
  const file = join(dir, 'silkpost.yaml');
  await writeFile(file, changes(await readFile(file, 'utf8')));
  const clock = fixedClock(thursday);
  const app = await openApp(readConfig({ dir, environment: {} }), { clock });
  onTestFinished(() => app.close());
  await app.rebuild();
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { ...app, clock, dir, url: server.url };
}

async function mailsIn({ dir }: Newsroom, kind: string) {
  const folder = join(dir, 'var', 'outbox', kind);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.eml')).toSorted();
  return Promise.all(files.map(async (name) => simpleParser(await readFile(join(folder, name)))));
}

/** A link of a mail on the server that runs here. */
function linkIn(room: Newsroom, text: string | undefined, page: string): string {
  const [, path] = new RegExp(`http://localhost:8080(/(?:fa/)?${page}/[\\w-]+)`).exec(text ?? '') ?? [];
  if (path === undefined) throw new Error(`no link to ${page} in ${text}`);
  return room.url + path;
}

async function stampOf(room: Newsroom): Promise<string> {
  const page = await (await fetch(`${room.url}/subscribe`)).text();
  const [, stamp = ''] = /name="stamp" value="([^"]+)"/.exec(page) ?? [];
  room.clock.set(plusMs(room.clock.now(), 5000));
  return stamp;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

async function post(room: Newsroom, path: string, fields: Record<string, string>): Promise<Answer> {
  const answer = await fetch(room.url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  return { status: answer.status, body: await answer.text(), headers: answer.headers };
}

async function signUp(room: Newsroom, fields: Record<string, string>, path = '/subscribe'): Promise<Answer> {
  return post(room, path, { stamp: await stampOf(room), ...fields });
}

async function publish(room: Newsroom, slug: string, country: string): Promise<void> {
  await writeFile(
    join(room.dir, 'content', `${slug}.md`),
    `---\ntitle: About ${slug}\nsummary: What happened.\ndate: ${room.clock.now()}\ncountries: [${country}]\n---\n\nThe text.\n`,
  );
  await room.rebuild();
}

async function sendWeekly(room: Newsroom, friday: string): Promise<void> {
  room.clock.set(friday);
  await room.desk.runDue();
  await room.postRoom.sendUntilIdle(null, () => {});
}

describe('signing up', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('goes by form, mail and button in a browser without scripts, and the next edition comes', async () => {
    const room = await newsroom();
    await room.desk.runDue();
    await publish(room, 'bridge', 'armenia');
    await publish(room, 'harbour', 'georgia');
    await room.subscribers.addSubscribers([newReader('first@example.com')], room.clock.now());
    await sendWeekly(room, '2026-11-27T03:00:00.000Z');
    const { page, faults, context } = await openWatchedPage(browser, { javaScriptEnabled: false });
    await page.goto(`${room.url}/fa/`);
    await page.getByRole('main').getByRole('link', { name: 'اشتراک' }).first().click();
    await page.getByLabel('نشانی ایمیل شما').fill('ann@example.com');
    await page.getByLabel('Armenia').check();
    room.clock.set(plusMs(room.clock.now(), 20_000));
    await page.getByRole('button', { name: 'اشتراک' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('لطفاً ایمیلتان را ببینید');
    await room.letterRoom.sendDue(never);

    const [asking] = await mailsIn(room, 'confirm');
    expect(asking?.subject).toContain('پیک');
    const link = linkIn(room, asking?.text, 'confirm');
    await page.goto(link);
    expect((await room.subscribers.findByEmail('ann@example.com'))?.subscriber.state).toBe('pending');
    expect(await page.getByRole('main').textContent()).toContain('Armenia');
    await page.getByRole('button', { name: 'بله، برایم بفرستید' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('خوش آمدید');
    await room.letterRoom.sendDue(never);

    const [welcome, ...others] = await mailsIn(room, 'welcome');
    expect(others).toEqual([]);
    expect(welcome?.text).toContain('About bridge');
    expect(welcome?.text).not.toContain('About harbour');
    expect(welcome?.text).toContain('/fa/newsletters/weekly/2026-11-27T0300Z');
    await page.goto(linkIn(room, welcome?.text, 'preferences'));
    expect(await page.getByRole('main').textContent()).toContain('a…@example.com');
    await context.close();
    expect(faults).toEqual([]);

    await publish(room, 'tunnel', 'armenia');
    await publish(room, 'vineyard', 'georgia');
    await sendWeekly(room, '2026-12-04T03:00:00.000Z');
    const mails = await mailsIn(room, 'weekly-2026-12-04T0300Z');
    const own = mails.find(({ text }) => text?.includes('/fa/preferences/'));
    expect(own?.text).toContain('About tunnel');
    expect(own?.text).not.toContain('About vineyard');
  }, 60_000);

  it('gives the same answer, byte by byte, for every address, and reads nothing of whom it belongs to', async () => {
    const room = await newsroom();
    const now = room.clock.now();
    await room.subscribers.addSubscribers(
      [newReader('active@example.com'), newReader('left@example.com', { left: true })],
      now,
    );
    await room.subscribers.suppress('suppressed@example.com', 'complaint', now);
    await signUp(room, { email: 'pending@example.com' });
    await room.letterRoom.sendDue(never);
    const answers: Answer[] = [];
    for (const name of ['unknown', 'pending', 'active', 'left', 'suppressed']) {
      answers.push(await signUp(room, { email: `${name}@example.com` }));
    }
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
    const headers = answers.map((answer) => [...answer.headers].filter(([name]) => name !== 'date'));
    for (const other of headers) expect(other).toEqual(headers[0]);
    // The rest is done afterwards: whatever an address is, the request leaves one row.
    expect((await mailsIn(room, 'confirm')).length).toBe(1);
    await room.letterRoom.sendDue(never);
    expect((await mailsIn(room, 'confirm')).map(({ to }) => [to].flat()[0]?.text).toSorted()).toEqual([
      'left@example.com',
      'pending@example.com',
      'suppressed@example.com',
      'unknown@example.com',
    ]);
    expect(await mailsIn(room, 'already')).toHaveLength(1);
  });

  it('shows a form once more that isn’t from our page, or is sent at once or days later, with all that was filled in', async () => {
    const room = await newsroom();
    const fields = { email: 'ann@example.com', country: 'armenia', rhythm: 'monthly' };
    const foreign = await post(room, '/subscribe', fields);
    expect(foreign.status).toBe(200);
    expect(foreign.body).toContain('value="ann@example.com"');
    expect(foreign.body).toContain('value="armenia" checked');
    expect(foreign.body).toContain('value="monthly" selected');
    const [, stamp = ''] = /name="stamp" value="([^"]+)"/.exec(foreign.body) ?? [];
    for (const [ms, title] of [
      [0, 'Subscribe'],
      [1999, 'Subscribe'],
      [25 * 3_600_000, 'Subscribe'],
      [5000, 'Please look into your mail'],
    ] as const) {
      room.clock.set(plusMs(thursday, ms));
      const answer = await post(room, '/subscribe', { ...fields, stamp });
      expect([ms, /<h1>([^<]*)/.exec(answer.body)?.[1]]).toEqual([ms, title]);
    }
    const forged = await post(room, '/subscribe', {
      ...fields,
      stamp: `${stamp.slice(0, -1)}${stamp.endsWith('A') ? 'B' : 'A'}`,
    });
    expect(forged.body).toContain('name="stamp"');
  });

  it('answers a program that fills in the trap like a person, and does nothing', async () => {
    const room = await newsroom();
    const answer = await signUp(room, { email: 'ann@example.com', website: 'https://spam.example' });
    expect(answer.body).toBe((await signUp(room, { email: 'bea@example.com' })).body);
    await room.letterRoom.sendDue(never);
    expect(await room.subscribers.findByEmail('ann@example.com')).toBeNull();
  });

  it.each([
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@example.com, bea@example.com',
    'ann@example.com;bea@example.com',
    'ann@example.com bea@example.com',
    'Ann <ann@example.com>',
    '"ann smith"@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    'ann@[127.0.0.1]',
    'анна@example.com',
    'ann\r\nBcc: bea@example.com',
    'ann\u0000@example.com',
    'ann\u202e@example.com',
    'ann@exam\u200bple.com',
    'ann@@example.com',
    '',
  ])('refuses the address %j in the reader’s language, and keeps nothing', async (email) => {
    const room = await newsroom();
    const answer = await signUp(room, { email }, '/fa/subscribe');
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('aria-invalid="true" aria-describedby="email-fault"');
    expect(answer.body).toContain('این یک نشانی کامل که نامه به آن برسد نیست');
    await room.letterRoom.sendDue(never);
    expect(await room.subscribers.countSubscribers()).toBe(0);
  });

  it.each([
    ['"ann"@example.com', 'ann@example.com'],
    ['ann+news@example.com', 'ann+news@example.com'],
    [' ann@example.com ', 'ann@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
  ])('takes %j as %s', async (email, address) => {
    const room = await newsroom();
    expect((await signUp(room, { email })).status).toBe(200);
    await room.letterRoom.sendDue(never);
    expect((await room.subscribers.findByEmail(address))?.subscriber.email).toBe(address);
  });

  it.each([
    [{ email: 'ann@example.com', newsletter: 'daily' }, 'isn’t offered here'],
    [{ email: 'ann@example.com', country: 'atlantis' }, 'isn’t offered here'],
    [{ email: 'ann@example.com', language: 'xx' }, 'isn’t offered here'],
    [{ email: 'ann@example.com', rhythm: 'hourly' }, 'isn’t offered here'],
    [{}, 'didn’t arrive whole'],
  ])('says what is wrong with %j', async (fields: Record<string, string>, sentence) => {
    const room = await newsroom();
    const answer = await signUp(room, fields);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain(sentence);
  });

  it('refuses a body of 100 MB before it has come in', async () => {
    const room = await newsroom();
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${room.url}/subscribe`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 100_000_000 },
        },
        (answer) => {
          resolve(answer.statusCode);
          sent.destroy();
        },
      );
      sent.on('error', reject);
      sent.write('email=');
    });
    expect(status).toBe(413);
  });

  it('takes JSON from other sites, with its own wording, and answers as JSON that any page may read', async () => {
    const room = await newsroom((yaml) => `${yaml}signUp: { keepIp: true }\nweb: { trustedProxies: [127.0.0.1] }\n`);
    const before = await fetch(`${room.url}/subscribe`, {
      method: 'OPTIONS',
      headers: { origin: 'https://other.example' },
    });
    expect(before.status).toBe(204);
    expect(before.headers.get('access-control-allow-headers')).toBe('content-type');
    const send = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${room.url}/fa/subscribe`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7', ...headers },
        body,
      });
    const wording = 'Yes, send me the week.';
    const asked = { email: 'ann@example.com', language: ['fa', 'en'], country: ['armenia'], wording };
    const answer = await send(JSON.stringify(asked));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual({ ok: true, message: expect.stringContaining('اگر بتوان') });
    for (const body of ['{', '[]', 'null', '{"email":7}', JSON.stringify({ ...asked, wording: 'a\u0000b' })]) {
      const refused = await send(body);
      expect([body, refused.status]).toEqual([body, 400]);
      expect(await refused.json()).toMatchObject({ ok: false, fault: 'incomplete' });
    }
    await room.letterRoom.sendDue(never);
    const [mail] = await mailsIn(room, 'confirm');
    expect(mail?.text).not.toContain(wording);
    const link = linkIn(room, mail?.text, 'confirm');
    const shown = await (await fetch(link)).text();
    expect(shown).toContain('a…@example.com');
    expect(shown).not.toContain('ann@example.com');
  });

  it('limits a client’s tries by its address, and all clients together by none of theirs', async () => {
    const room = await newsroom((yaml) => `${yaml}web: { trustedProxies: [127.0.0.1] }\n`);
    const stamp = await stampOf(room);
    const send = (client: string, email: string) =>
      fetch(`${room.url}/subscribe`, {
        method: 'POST',
        headers: { 'x-forwarded-for': client },
        body: new URLSearchParams({ email, stamp }),
      });
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await send(`2001:db8:0:1::${tries.toString(16)}`, `r${tries}@example.com`)).status).toBe(200);
    }
    const refused = await send('2001:db8:0:1:ffff::1', 'more@example.com');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send('2001:db8:0:2::1', 'more@example.com')).status).toBe(200);
  });
});

describe('a confirmation’s link', () => {
  async function withLink(): Promise<{ room: Newsroom; link: string }> {
    const room = await newsroom();
    await signUp(room, { email: 'ann@example.com' });
    await room.letterRoom.sendDue(never);
    const [mail] = await mailsIn(room, 'confirm');
    return { room, link: linkIn(room, mail?.text, 'confirm') };
  }
  const press = async (link: string, value = 'yes'): Promise<Response> =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ confirm: value }) });
  const stateOf = async ({ subscribers }: Newsroom) =>
    (await subscribers.findByEmail('ann@example.com'))?.subscriber.state;

  it('is good for seven days, and then offers a fresh one', async () => {
    const { room, link } = await withLink();
    room.clock.set(plusMs(thursday, 8 * 24 * 3_600_000));
    expect((await fetch(link)).status).toBe(410);
    expect((await press(link)).status).toBe(410);
    expect(await stateOf(room)).toBe('pending');
    expect(await (await press(link, 'fresh')).text()).toContain('Please look into your mail');
    await room.letterRoom.sendDue(never);
    const [, fresh] = await mailsIn(room, 'confirm');
    expect((await press(linkIn(room, fresh?.text, 'confirm'))).status).toBe(200);
    expect(await stateOf(room)).toBe('active');
  });

  it('says the same when it is used again', async () => {
    const { link } = await withLink();
    const first = await (await press(link)).text();
    expect(await (await press(link)).text()).toBe(first);
  });

  it('does nothing where it is forged, cut short, or of another kind, or the form isn’t ours', async () => {
    const { room, link } = await withLink();
    const [token = ''] = link.split('/').slice(-1);
    for (const wrong of [
      token.slice(0, -4),
      `${token}A`,
      'x',
      token.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
    ]) {
      const page = link.replace(token, wrong);
      expect((await fetch(page)).status).toBe(404);
      expect((await press(page)).status).toBe(404);
    }
    expect((await fetch(link.replace('/confirm/', '/preferences/'))).status).toBe(404);
    expect((await press(link, 'maybe')).status).toBe(400);
    expect(
      (
        await fetch(link, {
          method: 'POST',
          body: '{"confirm":"yes"}',
          headers: { 'content-type': 'application/json' },
        })
      ).status,
    ).toBe(400);
    expect(await stateOf(room)).toBe('pending');
  });
});
