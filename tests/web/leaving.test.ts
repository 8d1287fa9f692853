import { describe, expect, it } from 'vitest';
import { openReaderSite } from '../support/reader-site.ts';

const both = { weekly: ['active', 'each', null], daily: ['active', 'each', null] };

describe('GET /unsubscribe/TOKEN', () => {
  it('offers to leave, fewer letters, a pause and the feed of the same selection, and changes nothing', async () => {
    const site = await openReaderSite({ countries: ['georgia', 'armenia'], topics: ['security'], languages: ['fa'] });
    const before = await site.dump();
    const answer = await site.get(`/fa${site.leavePath}`);
    const page = answer.body.toString();
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    const buttons = [...page.matchAll(/<button[^>]* name="([^"]+)" value="([^"]+)"/g)].map((found) =>
      found.slice(1).join(),
    );
    // It comes once a week as it is.
    expect(buttons).toEqual(['leave,newsletter', 'leave,all', 'rhythm,monthly', 'pause,1', 'pause,3']);
    expect(page).toContain('href="/fa/feeds/select?country=armenia,georgia&amp;topic=security"');
    expect((await site.get('/fa/feeds/select?country=armenia,georgia&topic=security')).status).not.toBe(301);
    expect(page).not.toContain('ann');
    expect(await site.dump()).toBe(before);
  });

  it('doesn’t offer what is slower already', async () => {
    const site = await openReaderSite({ rhythm: 'weekly' });
    const path = `/unsubscribe/${site.tokenFor('unsubscribe', 'daily')}`;
    const offered = async () =>
      [...(await site.get(path)).body.toString().matchAll(/name="rhythm" value="([^"]+)"/g)].map(([, value]) => value);
    expect(await offered()).toEqual(['monthly']);
    await site.database.updateTable('subscription').set({ rhythm: 'each' }).execute();
    expect(await offered()).toEqual(['weekly', 'monthly']);
  });
});

describe('the buttons of /unsubscribe/TOKEN', () => {
  it('bring back for seven days what was left, as it was', async () => {
    const site = await openReaderSite({ rhythm: 'weekly' });
    const page = (await site.post(site.leavePath, { leave: 'newsletter' })).body.toString();
    expect(page).toContain('You have left');
    expect(await site.wishes()).toEqual({ weekly: ['left', 'weekly', null], daily: ['active', 'weekly', null] });
    site.clock.set('2023-04-17T11:59:59Z');
    const later = (await site.get(site.leavePath)).body.toString();
    const [, leftAt = ''] = /name="undo" value="([^"]+)"/.exec(later) ?? [];
    expect(page).toContain(leftAt);
    const undone = await site.post(site.leavePath, { undo: leftAt });
    expect(undone.body.toString()).toContain('Welcome back');
    expect(await site.wishes()).toEqual({ weekly: ['active', 'weekly', null], daily: ['active', 'weekly', null] });
    const how = await site.database
      .selectFrom('consent')
      .select(['what', 'newsletters', 'wording'])
      .orderBy('id')
      .execute();
    expect(how.slice(1)).toEqual([
      { what: 'left', newsletters: '["weekly"]', wording: '' },
      { what: 'changed', newsletters: '["weekly"]', wording: 'Bring it back' },
    ]);
    const after = await site.dump();
    expect((await site.post(site.leavePath, { undo: leftAt })).status).toBe(200);
    expect(await site.dump()).toBe(after);
  });

  it('bring nothing back after seven days, nor what an operator took off', async () => {
    const site = await openReaderSite();
    const left = (await site.post(site.leavePath, { leave: 'all' })).body.toString();
    const [, leftAt = ''] = /name="undo" value="([^"]+)"/.exec(left) ?? [];
    const before = await site.dump();
    site.clock.set('2023-04-17T12:00:00Z');
    expect((await site.get(site.leavePath)).body.toString()).not.toContain('name="undo"');
    for (const undo of [leftAt, '', 'now', '2023-99-99T00:00:00.000Z', '9999-12-31T00:00:00.000Z']) {
      expect((await site.post(site.leavePath, { undo })).body.toString()).toContain('can’t be brought back');
    }
    expect(await site.dump()).toBe(before);
    const other = await openReaderSite();
    await other.store.leave(other.subscriberId, 'weekly', 'operator', other.clock.now());
    await other.post(other.leavePath, { undo: other.clock.now() });
    expect((await other.wishes())['weekly']).toEqual(['left', 'each', null]);
  });

  it('leave all of them and bring all of them back', async () => {
    const site = await openReaderSite();
    const page = (await site.post(site.leavePath, { leave: 'all' })).body.toString();
    expect(page).toContain('None of our newsletters');
    const [, leftAt = ''] = /name="undo" value="([^"]+)"/.exec(page) ?? [];
    await site.post(site.leavePath, { undo: leftAt });
    expect(await site.wishes()).toEqual(both);
  });

  it('bring a paused one back paused', async () => {
    const site = await openReaderSite();
    await site.post(site.leavePath, { pause: '3' });
    const paused = await site.wishes();
    expect(paused['weekly']).toEqual(['paused', 'each', '2023-07-09T20:00:00.000Z']);
    const page = (await site.post(site.leavePath, { leave: 'newsletter' })).body.toString();
    const [, leftAt = ''] = /name="undo" value="([^"]+)"/.exec(page) ?? [];
    await site.post(site.leavePath, { undo: leftAt });
    expect(await site.wishes()).toEqual(paused);
  });

  it('make it come less often or pause it, and are safe to repeat', async () => {
    const site = await openReaderSite();
    expect((await site.post(site.leavePath, { rhythm: 'monthly' })).body.toString()).toContain('once a month');
    const slow = await site.dump();
    await site.post(site.leavePath, { rhythm: 'monthly' });
    expect(await site.dump()).toBe(slow);
    expect((await site.post(site.leavePath, { pause: '1' })).body.toString()).toContain('10 May 2023');
    const paused = await site.dump();
    await site.post(site.leavePath, { pause: '1' });
    expect(await site.dump()).toBe(paused);
    expect(await site.wishes()).toEqual({ ...both, weekly: ['paused', 'monthly', '2023-05-09T20:00:00.000Z'] });
  });

  it('ease nothing that was left', async () => {
    const site = await openReaderSite();
    await site.post(site.leavePath, { leave: 'newsletter' });
    const before = await site.dump();
    for (const easing of [{ rhythm: 'weekly' }, { pause: '1' }]) {
      expect((await site.post(site.leavePath, easing)).body.toString()).toContain('You have left');
    }
    expect(await site.dump()).toBe(before);
  });

  it.each(['leave=everything', 'rhythm=hourly', 'pause=1000', 'pause=-1'])(
    'change nothing for what no button says: %s',
    async (body) => {
      const site = await openReaderSite();
      const before = await site.dump();
      expect((await site.post(site.leavePath, body)).status).toBe(400);
      expect(await site.dump()).toBe(before);
    },
  );
});

describe('POST /unsubscribe/TOKEN, one click', () => {
  it('leaves and records it, and counts before any button', async () => {
    const site = await openReaderSite();
    const answer = await site.post(site.leavePath, 'List-Unsubscribe=One-Click&undo=x&leave=all');
    expect(answer.status).toBe(200);
    expect(await site.wishes()).toEqual({ ...both, weekly: ['left', 'each', null] });
    const last = await site.database.selectFrom('consent').selectAll().orderBy('id', 'desc').executeTakeFirst();
    expect(last).toMatchObject({ what: 'left', how: 'one-click', newsletters: '["weekly"]' });
    const after = await site.dump();
    await site.post(site.leavePath, 'List-Unsubscribe=One-Click');
    expect(await site.dump()).toBe(after);
  });
});
