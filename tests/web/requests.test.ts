import { describe, expect, it } from 'vitest';
import { rawRequest } from '../support/http.ts';
import { openReaderSite } from '../support/reader-site.ts';
import { newReader } from '../support/reader-store.ts';

/** A day after the site's clock. */
const tomorrow = '2023-04-11T12:00:00.000Z';

describe('the buttons under /preferences/TOKEN', () => {
  it.each(['address', 'data', 'erase'])('have a letter sent to the reader’s own address: %s', async (ask) => {
    const site = await openReaderSite({ languages: ['fa'] });
    expect((await site.get(site.preferencesPath)).body.toString()).toContain(`name="ask" value="${ask}"`);
    const answer = await site.post(site.preferencesPath, { ask });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('a…@example.com');
    expect(answer.body.toString()).not.toContain('ann@');
    expect(await site.letters()).toEqual([{ kind: ask, address: 'ann@example.com', lang: 'fa', payload: '{}' }]);
    for (let count = 0; count < 5; count += 1) await site.post(site.preferencesPath, { ask });
    expect(await site.letters()).toHaveLength(2);
  });

  it('have none sent for a forged token, nor for what there is no button for', async () => {
    const site = await openReaderSite();
    expect((await site.post('/preferences/forged', { ask: 'erase' })).status).toBe(404);
    expect((await site.post(site.preferencesPath, { ask: 'everything' })).status).toBe(400);
    expect(await site.letters()).toEqual([]);
  });
});

describe('/address/TOKEN and /new-address/TOKEN', () => {
  async function askedSite() {
    const site = await openReaderSite();
    const address = `/address/${site.tokenFor('address', null, { expiresAt: tomorrow })}`;
    const newAddress = async (): Promise<string> => {
      const { payload } = (await site.letters()).at(-1) ?? { payload: '{}' };
      const reference: number = JSON.parse(payload).changeId;
      return `/new-address/${site.tokenFor('new-address', null, { reference, expiresAt: tomorrow })}`;
    };
    return { ...site, address, newAddress };
  }

  it('change the address once its new owner has said so, and not before', async () => {
    const site = await askedSite();
    expect((await site.get(site.address)).body.toString()).toContain('type="email"');
    const asked = await site.post(site.address, { email: ' Ann.New@Example.COM ' });
    expect(asked.body.toString()).toContain('A…@example.com');
    expect(await site.letters()).toMatchObject([{ kind: 'new-address', address: 'Ann.New@example.com' }]);
    const path = await site.newAddress();
    const before = await site.dump();
    const page = (await site.get(path)).body.toString();
    expect(page).toContain('Ann.New@example.com');
    expect(page).toContain('a…@example.com');
    expect(await site.dump()).toBe(before);
    expect((await site.post(path, '')).status).toBe(400);
    expect(await site.dump()).toBe(before);
    expect((await site.post(path, { sure: '1' })).body.toString()).toContain('Your address is changed');
    expect((await site.store.findById(site.subscriberId))?.subscriber.email).toBe('Ann.New@example.com');
    expect(await site.store.findByEmail('ann.new@example.com')).not.toBeNull();
    expect(await site.store.findByEmail('ann@example.com')).toBeNull();
    expect((await site.get(site.preferencesPath)).body.toString()).toContain('A…@example.com');
    const last = await site.database.selectFrom('consent').selectAll().orderBy('id', 'desc').executeTakeFirst();
    expect(last).toMatchObject({ what: 'changed', wording: 'Yes, send them here', how: 'page' });
    const after = await site.dump();
    expect((await site.post(path, { sure: '1' })).status).toBe(404);
    expect(await site.dump()).toBe(after);
  });

  it('answer alike whoever has the new address, and tell only its owner', async () => {
    const site = await askedSite();
    await site.store.addSubscribers([newReader('bob@example.com')], site.clock.now());
    await site.store.suppress('cat@example.com', 'complaint', site.clock.now());
    const bodies: string[] = [];
    for (const name of ['bob', 'cat', 'dan']) {
      const answer = await site.post(site.address, { email: `${name}@example.com` });
      bodies.push(answer.body.toString().replace(/[bcd]…/, ''));
      if (name === 'dan') continue;
      const refused = await site.post(await site.newAddress(), { sure: '1' });
      expect(refused.status).toBe(409);
      expect(refused.body.toString()).toContain('can’t be moved to that address');
    }
    expect(new Set(bodies).size).toBe(1);
    expect((await site.store.findById(site.subscriberId))?.subscriber.email).toBe('ann@example.com');
  });

  it('let only the newest wish come true', async () => {
    const site = await askedSite();
    await site.post(site.address, { email: 'first@example.com' });
    const first = await site.newAddress();
    await site.post(site.address, { email: 'second@example.com' });
    expect((await site.post(first, { sure: '1' })).status).toBe(404);
    expect((await site.post(await site.newAddress(), { sure: '1' })).status).toBe(200);
  });

  it('are worth nothing a day later, and to no other reader', async () => {
    const site = await askedSite();
    await site.store.addSubscribers([newReader('bob@example.com')], site.clock.now());
    const bob = await site.store.findByEmail('bob@example.com');
    await site.post(site.address, { email: 'new@example.com' });
    const path = await site.newAddress();
    const reference: number = JSON.parse((await site.letters()).at(-1)?.payload ?? '{}').changeId;
    const more = { reference, expiresAt: tomorrow, subscriberId: bob?.subscriber.id ?? 0 };
    const before = await site.dump();
    expect((await site.post(`/new-address/${site.tokenFor('new-address', null, more)}`, { sure: '1' })).status).toBe(
      404,
    );
    site.clock.set(tomorrow);
    for (const late of [site.address, path]) {
      expect((await site.get(late)).status).toBe(404);
      expect((await site.post(late, { sure: '1', email: 'other@example.com' })).status).toBe(404);
    }
    expect(await site.dump()).toBe(before);
  });

  it.each([
    '',
    'ann',
    'a@example.com,b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '"><script>@x.y',
    `${'a'.repeat(65)}@example.com`,
  ])('say in a sentence what is no address: %s', async (email) => {
    const site = await askedSite();
    const before = await site.dump();
    const answer = await site.post(site.address, { email });
    expect(answer.status).toBe(422);
    expect(answer.body.toString()).toContain(
      '<p class="warning" id="email-fault" role="alert">Mail can’t be sent to that.',
    );
    expect(answer.body.toString()).not.toContain('<script');
    expect(await site.dump()).toBe(before);
  });

  it('keep what was typed and refused', async () => {
    const site = await askedSite();
    const page = (await site.post(site.address, { email: '"><b>@x.y' })).body.toString();
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;@x.y" required');
    expect(page).toContain('aria-invalid="true" aria-describedby="email-fault"');
  });

  it('count bounces of the old address no more', async () => {
    const site = await askedSite();
    await site.database.updateTable('subscriber').set({ state: 'suspended' }).execute();
    await site.post(site.address, { email: 'new@example.com' });
    await site.post(await site.newAddress(), { sure: '1' });
    expect((await site.store.findById(site.subscriberId))?.subscriber.state).toBe('active');
  });
});

describe('/data/TOKEN', () => {
  it('asks, and hands out everything that is kept as a file', async () => {
    const site = await openReaderSite({ countries: ['armenia'] });
    const path = `/data/${site.tokenFor('data', null, { expiresAt: tomorrow })}`;
    await site.post(site.leavePath, 'List-Unsubscribe=One-Click');
    await site.post(site.preferencesPath, { ask: 'data' });
    const before = await site.dump();
    const page = await site.get(path);
    expect(page.body.toString()).toContain('Download the file');
    expect(page.body.toString()).not.toContain('ann@');
    const answer = await site.post(path, { sure: '1' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-data.json"',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    const data: unknown = JSON.parse(answer.body.toString());
    expect(data).toMatchObject({
      profile: { email: 'ann@example.com', countries: ['armenia'], languages: ['en'], state: 'active' },
      suppression: null,
      subscriptions: [
        { newsletter: 'daily', state: 'active' },
        { newsletter: 'weekly', state: 'left', source: 'one-click' },
      ],
      consents: [
        { what: 'vouched', wording: 'Asked for it.' },
        { what: 'left', newsletters: ['weekly'] },
      ],
      deliveries: [],
      bounces: [],
      letters: [{ kind: 'data', state: 'queued' }],
      addressChange: null,
    });
    expect(await site.dump()).toBe(before);
  });
});

describe('/erase/TOKEN', () => {
  it('asks, and forgets who the reader is', async () => {
    const site = await openReaderSite();
    const path = `/erase/${site.tokenFor('erase', null, { expiresAt: tomorrow })}`;
    expect((await site.get(path)).body.toString()).toContain('name="keep-out"');
    expect((await site.store.findById(site.subscriberId))?.subscriber.state).toBe('active');
    expect((await site.post(path, { sure: '1' })).body.toString()).toContain('You are erased');
    expect((await site.store.findById(site.subscriberId))?.subscriber).toMatchObject({ state: 'erased', email: null });
    expect(await site.store.isSuppressed('ann@example.com')).toBe(false);
    for (const gone of [path, site.preferencesPath, site.leavePath]) expect((await site.get(gone)).status).toBe(404);
    expect((await site.post(path, { sure: '1' })).status).toBe(404);
    expect(await site.dump()).not.toContain('ann@');
  });

  it('keeps the address out where the reader asks for that', async () => {
    const site = await openReaderSite();
    const path = `/erase/${site.tokenFor('erase', null, { expiresAt: tomorrow })}`;
    await site.post(path, { sure: '1', 'keep-out': '1' });
    expect(await site.store.isSuppressed('ann@example.com')).toBe(true);
  });
});

describe('a letter’s link', () => {
  it('ends after its day, and is worth nothing for another purpose', async () => {
    const site = await openReaderSite();
    const before = await site.dump();
    const paths = [
      ...['address', 'data', 'erase'].flatMap((area) => [
        `/${area}/${site.tokenFor('preferences')}`,
        `/${area}/${site.tokenFor('unsubscribe', 'weekly')}`,
        `/${area}/${site.tokenFor(area === 'data' ? 'erase' : 'data', null, { expiresAt: tomorrow })}`,
        `/${area}/forged`,
      ]),
      `/preferences/${site.tokenFor('erase', null, { expiresAt: tomorrow })}`,
      `/new-address/${site.tokenFor('address', null, { expiresAt: tomorrow })}`,
      `/new-address/${site.tokenFor('new-address', null, { reference: 1, expiresAt: tomorrow })}`,
    ];
    const bodies = new Set<string>();
    for (const path of paths) {
      for (const answer of [await site.get(path), await site.post(path, { sure: '1', email: 'x@example.com' })]) {
        expect(answer.status, path).toBe(404);
        bodies.add(answer.body.toString());
      }
    }
    for (const area of ['address', 'data', 'erase'] as const) {
      const path = `/${area}/${site.tokenFor(area, null, { expiresAt: tomorrow })}`;
      site.clock.set('2023-04-11T11:59:59Z');
      expect((await site.get(path)).status).toBe(200);
      site.clock.set(tomorrow);
      for (const answer of [await site.get(path), await site.post(path, { sure: '1', email: 'x@example.com' })]) {
        expect(answer.status).toBe(404);
      }
      site.clock.set('2023-04-10T12:00:00Z');
    }
    expect(bodies.size).toBe(1);
    expect(await site.dump()).toBe(before);
  });
});

describe('/preferences without a token', () => {
  it('has a fresh link sent to a reader of ours, and answers everybody alike', async () => {
    const site = await openReaderSite();
    await site.store.addSubscribers([newReader('pending@example.com')], site.clock.now());
    await site.database
      .updateTable('subscriber')
      .set({ state: 'pending' })
      .where('email', '=', 'pending@example.com')
      .execute();
    expect((await site.get('/preferences')).body.toString()).toContain('action="/preferences"');
    const bodies = new Set<string>();
    for (const email of ['nobody@example.com', 'pending@example.com', 'ANN@example.com', 'ann@example.com']) {
      const answer = await site.post('/preferences', { email });
      expect(answer.status).toBe(200);
      bodies.add(JSON.stringify([answer.body.toString(), { ...answer.headers, date: null }]));
    }
    expect(bodies.size).toBe(1);
    await expect.poll(site.letters).toEqual([{ kind: 'link', address: 'ann@example.com', lang: 'en', payload: '{}' }]);
  });

  it('answers before it looks whether it knows the address, so that no clock can tell', async () => {
    const site = await openReaderSite();
    let look = (): void => {};
    const looking = new Promise<null>((resolve) => {
      look = () => resolve(null);
    });
    site.store.findByEmail = () => looking;
    expect((await site.post('/preferences', { email: 'ann@example.com' })).status).toBe(200);
    look();
    expect(await site.letters()).toEqual([]);
  });

  it('takes nothing that isn’t an address, and no flood from one client', async () => {
    const site = await openReaderSite({}, { trustedProxies: ['127.0.0.1'] });
    for (const body of ['', 'email=ann', '{"email":"ann@example.com"}']) {
      expect((await site.post('/preferences', body)).status).toBe(422);
    }
    const ask = (client: string) =>
      rawRequest(site.url, '/preferences', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': client },
        body: 'email=nobody@example.com',
      });
    const statuses: number[] = [];
    for (let count = 0; count < 25; count += 1) statuses.push((await ask('203.0.113.7')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await ask('203.0.113.8')).status).toBe(200);
    const refused = (await ask('203.0.113.7')).body.toString();
    expect(refused).toContain('try again in an hour');
    expect(refused).toContain('value="nobody@example.com" required');
    expect(await site.letters()).toEqual([]);
  });
});
