import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/clock.ts';
import { createTotpSecret, totpCode } from '../../../src/operators/index.ts';
import { nextPath } from '../../../src/web/console/door/next-path.ts';
import { openConsole, openEmptyConsole, type TestConsole } from '../../support/console.ts';
import { type FixedClock, fixedClock } from '../../support/fixed-clock.ts';
import { type RawAnswer, rawRequest } from '../../support/http.ts';
import { goodPassword } from '../../support/operator-room.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const start = '2026-11-27T03:00:00.000Z';
let clock: FixedClock;
let desk: TestConsole;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const folder = await createTemporaryFolder();
  clock = fixedClock(start);
  desk = await openConsole({
    clock,
    folder: await smallPublication(folder.path),
    closeLater: (close) => closing.push(close, () => folder.remove()),
  });
});

afterAll(async () => {
  for (const close of closing) await close();
});

/** A browser without anything but a cookie, which it keeps. */
function visitor(url = desk.url) {
  let cookie = '';
  const take = (answer: RawAnswer): RawAnswer => {
    for (const header of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([\w-]+)=([^;]*)/.exec(header) ?? [];
      if (name === 'silkpost-session') cookie = header.includes('Max-Age=0') ? '' : `${name}=${value}`;
    }
    return answer;
  };
  return {
    cookie: () => cookie,
    get: async (path: string) =>
      take(await rawRequest(url, `/console${path}`, { headers: cookie === '' ? {} : { cookie } })),
    post: async (path: string, fields: Readonly<Record<string, string>>) =>
      take(
        await rawRequest(url, `/console${path}`, {
          method: 'POST',
          headers: {
            ...(cookie === '' ? {} : { cookie }),
            origin: url,
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: String(new URLSearchParams(fields)),
        }),
      ),
  };
}

/** An operator with a password; returns the address. */
async function addOperator(name: string): Promise<string> {
  const email = `${name}@courier.example`;
  const { operatorRoom } = desk.app;
  const { token } = await operatorRoom.desk.invite(desk.operator, { email, role: 'editor' });
  await visitor().post(`/welcome/${token}`, { name, password: goodPassword, timezone: 'Europe/Berlin' });
  return email;
}

const isIn = async (browser: ReturnType<typeof visitor>): Promise<boolean> =>
  (await browser.get('/account')).status === 200;

describe('/console/sign-in', () => {
  it('lets somebody in with a new session, whatever cookie was there, and leads to where they wanted', async () => {
    const email = await addOperator('mara');
    const browser = visitor();
    const form = { email: email.toUpperCase(), password: goodPassword, code: '', next: '/account?x=1' };
    const answer = await browser.post('/sign-in', form);
    expect([answer.status, answer.headers.location]).toEqual([303, '/console/account?x=1']);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^silkpost-session=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Lax$/,
    );
    const first = browser.cookie();
    expect(await isIn(browser)).toBe(true);

    // Signing in again: another session, and the one that the browser brought is over.
    await browser.post('/sign-in', form);
    expect(browser.cookie()).not.toBe(first);
    expect((await rawRequest(desk.url, '/console/account', { headers: { cookie: first } })).status).toBe(303);
    const planted = `silkpost-session=${'a'.repeat(43)}`;
    // Of two one may be somebody's who wants to pass off their own.
    const twice = [`${browser.cookie()}; ${planted}`, `${planted}; ${browser.cookie()}`];
    for (const cookie of [planted, ...twice]) {
      expect((await rawRequest(desk.url, '/console/account', { headers: { cookie } })).status).toBe(303);
    }
    expect(await isIn(browser)).toBe(true);
  });

  it('answers an unknown account, a wrong password and a try too soon alike for known and unknown', async () => {
    const email = await addOperator('noa');
    const answers = new Map<string, string[]>();
    for (const address of [email, 'nobody@courier.example']) {
      const seen: string[] = [];
      for (let tries = 0; tries < 6; tries += 1) {
        const answer = await visitor().post('/sign-in', {
          email: address,
          password: 'something else entirely',
          code: '1',
        });
        seen.push(
          `${answer.status} ${answer.headers['retry-after']} ${answer.body.toString().replaceAll(address, '…')}`,
        );
      }
      answers.set(address, seen);
    }
    const [known, unknown] = [...answers.values()];
    expect(known).toEqual(unknown);
    expect(known?.map((text) => text.slice(0, 3))).toEqual(['422', '422', '422', '422', '422', '429']);
    expect(known?.[0]).toContain('don’t belong together');
    clock.set(plusMs(clock.now(), 3_600_000));
  });

  it('asks for a code once there is an app, and takes a recovery code in its place', async () => {
    const email = await addOperator('omid');
    const browser = visitor();
    await browser.post('/sign-in', { email, password: goodPassword, code: '' });
    const page = (await browser.get('/account/authenticator')).body.toString();
    const secret = /name="secret" value="(\w+)"/.exec(page)?.[1] ?? '';
    expect(page).toContain('<svg class="qr"');
    expect(page).toContain(secret.slice(0, 4));
    const wrong = await browser.post('/account/authenticator', { secret, code: '000000' });
    expect(wrong.status).toBe(422);
    expect(wrong.body.toString()).toContain(`value="${secret}"`);
    const right = await browser.post('/account/authenticator', { secret, code: totpCode(secret, clock.now()) });
    const codes = [...right.body.toString().matchAll(/<li><code>([\w-]+)<\/code>/g)].map((match) => match[1] ?? '');
    expect([right.status, codes.length]).toEqual([200, 10]);

    clock.set(plusMs(clock.now(), 60_000));
    const again = visitor();
    expect((await again.post('/sign-in', { email, password: goodPassword, code: '' })).status).toBe(422);
    expect(
      (await again.post('/sign-in', { email, password: goodPassword, code: totpCode(secret, clock.now()) })).status,
    ).toBe(303);
    const byCode = await visitor().post('/sign-in', { email, password: goodPassword, code: codes[3] ?? '' });
    expect(decodeURIComponent(byCode.headers['set-cookie']?.join() ?? '')).toContain('9 recovery codes are left');
  });

  it('leads back after a session was over, and signs out', async () => {
    const email = await addOperator('pari');
    const browser = visitor();
    await browser.post('/sign-in', { email, password: goodPassword, code: '' });
    clock.set(plusMs(clock.now(), 31 * 60_000));
    expect((await browser.get('/account')).headers.location).toBe('/console/sign-in?next=%2Faccount');
    await browser.post('/sign-in', { email, password: goodPassword, code: '' });
    const stale = browser.cookie();
    await browser.post('/sign-out', {});
    expect(browser.cookie()).toBe('');
    expect((await rawRequest(desk.url, '/console/account', { headers: { cookie: stale } })).status).toBe(303);
  });

  it('ends other browsers’ sessions when the password changes', async () => {
    const email = await addOperator('qamar');
    const [one, two] = [visitor(), visitor()];
    for (const browser of [one, two]) await browser.post('/sign-in', { email, password: goodPassword, code: '' });
    const weak = await one.post('/account/password', { current: goodPassword, password: 'short' });
    expect(weak.status).toBe(422);
    expect(weak.body.toString()).toContain('aria-describedby="password-help password-error"');
    expect((await one.post('/account/password', { current: goodPassword, password: 'nine loud rivers' })).status).toBe(
      303,
    );
    expect([await isIn(one), await isIn(two)]).toEqual([true, false]);
  });
});

describe('nextPath', () => {
  it.each([
    ['/editions/a?x=1', '/editions/a?x=1'],
    [null, '/'],
    ['', '/'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/../..//evil.example', '/'],
    ['/..%2f..//evil.example', '/..%2f..//evil.example'],
    ['/../console//evil.example', '/'],
    ['/../consoles', '/'],
    ['javascript:alert(1)', '/'],
    ['/a\r\nset-cookie: x=1', '/aset-cookie:%20x=1'],
  ])('takes %j for %j', (text, path) => {
    expect(nextPath(text)).toBe(path);
  });
});

describe('/console/welcome', () => {
  it('makes one owner of two who post the first link at once; looking uses nothing up', async () => {
    const { url, app } = await openEmptyConsole();
    const path = `/welcome/${await app.operatorRoom.desk.makeFirstLink()}`;
    for (const method of ['GET', 'HEAD', 'GET']) {
      expect((await rawRequest(url, `/console${path}`, { method })).status).toBe(200);
    }
    const form = { name: 'Ana', email: 'ana@courier.example', password: goodPassword, timezone: 'Asia/Tbilisi' };
    const refused = await visitor(url).post(path, { ...form, password: 'the hill courier' });
    expect(refused.status).toBe(422);
    expect(refused.body.toString()).toContain('value="ana@courier.example"');
    const answers = await Promise.all([
      visitor(url).post(path, form),
      visitor(url).post(path, { ...form, email: 'ben@courier.example' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404]);
    expect(answers.find(({ status }) => status === 303)?.headers.location).toBe('/console/account/authenticator');
    expect(await app.operatorRoom.desk.list()).toHaveLength(1);
    expect((await rawRequest(url, `/console${path}`)).status).toBe(404);
  });

  it('lets nothing else be done before there is a code, once mail leaves through a relay', async () => {
    const { url, app } = await openEmptyConsole({ environment: { SILKPOST_SMTP_URL: 'smtp://127.0.0.1:2525' } });
    const browser = visitor(url);
    const form = { name: 'Ana', email: 'ana@courier.example', password: goodPassword, timezone: 'Asia/Tbilisi' };
    await browser.post(`/welcome/${await app.operatorRoom.desk.makeFirstLink()}`, form);
    expect((await browser.get('/operators')).headers.location).toBe('/console/account/authenticator');
    expect((await browser.post('/operators', { email: 'ben@courier.example', role: 'owner' })).status).toBe(403);
    const page = (await browser.get('/account/authenticator')).body.toString();
    expect(page).not.toContain('>Later<');
    const secret = createTotpSecret();
    await browser.post('/account/authenticator', { secret, code: totpCode(secret, app.clock.now()) });
    expect((await browser.get('/operators')).status).toBe(200);
  });
});

describe('/console/operators', () => {
  it('invites by a link that is shown once, changes roles, and keeps the last owner', async () => {
    const owner = await desk.signIn('owner');
    const invited = await owner.post('/operators', { email: 'rita@courier.example', role: 'viewer' });
    const link = /http:\/\/localhost\/console(\/welcome\/[\w-]+)/.exec(invited.body.toString())?.[1] ?? '';
    expect(invited.status).toBe(200);
    const twice = await owner.post('/operators', { email: 'rita@courier.example', role: 'viewer' });
    expect(twice.status).toBe(422);
    expect(twice.body.toString()).toContain('rita@courier.example is an operator already.');
    const rita = visitor();
    expect((await rita.get(link)).body.toString()).toContain('your role is viewer');
    await rita.post(link, { name: 'Rita <b>', password: goodPassword, timezone: 'UTC' });
    expect(await isIn(rita)).toBe(true);

    const { operator } =
      (await desk.app.operatorRoom.desk.list()).find(({ operator: { email } }) => email.startsWith('rita')) ?? {};
    const at = `/operators/${operator?.id}`;
    expect((await owner.get(at)).body.toString()).toContain('Rita &lt;b&gt;');
    expect((await owner.post(`${at}/role`, { role: 'sender' })).status).toBe(303);
    expect((await owner.post(`${at}/role`, { role: 'king' })).status).toBe(422);
    expect((await owner.post(`${at}/reset`)).status).toBe(422);
    expect((await owner.post(`${at}/reset`, { reset: 'yes' })).body.toString()).toContain('/console/welcome/');
    expect(await isIn(rita)).toBe(false);
    expect((await owner.post(`${at}/remove`, { remove: 'yes' })).status).toBe(303);
    expect((await owner.get(at)).status).toBe(404);

    const own = `/operators/${owner.operator.id}`;
    const last = await owner.post(`${own}/remove`, { remove: 'yes' });
    expect([last.status, last.body.toString()]).toEqual([422, expect.stringContaining('There has to be an owner')]);
  });
});

describe('/console/audit', () => {
  it('tells who did what to whom, by filter, page and CSV', async () => {
    const owner = await desk.signIn('owner');
    await owner.post('/operators', { email: 'sona@courier.example', role: 'viewer' });
    const page = (await owner.get('/audit?subject=sona%40courier.example')).body.toString();
    expect(page).toContain('data-title="What"><div>operators.add</div></td>');
    expect(page).toContain('<li>role: <bdi>viewer</bdi></li>');
    expect(page).not.toContain('rita@courier.example</bdi>');
    for (let index = 0; index < 60; index += 1) {
      const deed = { operator: owner.operator, action: 'editions.pause', subject: `=weekly-${index}` };
      await desk.app.audit.around(deed, () => {});
    }
    const first = (await owner.get('/audit?action=editions.pause')).body.toString();
    const next = /href="\/console(\/audit\?[^"]*after=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(first.match(/<th scope="row"/g)).toHaveLength(50);
    expect((await owner.get(next)).body.toString().match(/<th scope="row"/g)).toHaveLength(10);
    const csv = (await owner.get('/audit.csv?action=editions.pause')).body.toString();
    expect(csv.split('\r\n')).toHaveLength(62);
    expect(csv).toContain(",editions.pause,'=weekly-0,");
  });
});
