import { describe, expect, it } from 'vitest';
import { rawRequest } from '../support/http.ts';
import { openReaderSite } from '../support/reader-site.ts';
import { serve, testWebApp, weekly } from '../support/web-app.ts';

const whole: [string, string][] = [
  ['newsletter', 'weekly'],
  ['rhythm-weekly', 'each'],
  ['until-weekly', ''],
  ['newsletter', 'daily'],
  ['rhythm-daily', 'each'],
  ['until-daily', ''],
  ['until', ''],
  ['language', 'en'],
  ['language', ''],
  ['whole', '1'],
];
const without = (...names: string[]): [string, string][] => whole.filter(([name]) => !names.includes(name));

describe('GET /preferences/TOKEN', () => {
  it('shows what is chosen beside a masked address, is kept nowhere, and changes nothing', async () => {
    const site = await openReaderSite({ countries: ['armenia'], languages: ['fa', 'en'], rhythm: 'weekly' });
    const before = await site.dump();
    for (const prefix of ['', '/fa']) {
      const answer = await site.get(prefix + site.preferencesPath);
      const page = answer.body.toString();
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(page).toContain('a…@example.com');
      expect(page).not.toContain('ann@');
      expect(page).toContain('name="country" value="armenia" checked');
      expect(page).not.toContain('value="georgia" checked');
      expect(page).toContain('<option value="weekly" selected>');
      expect(page).toContain(`action="${prefix}${site.preferencesPath}"`);
      expect(page).not.toContain('<script');
    }
    expect(await site.dump()).toBe(before);
  });

  it('offers the rhythms that the newsletter has editions of', async () => {
    const app = testWebApp();
    const offered = async (schedule: string): Promise<string[]> => {
      const { url } = await serve({ ...app, newsletters: [{ ...weekly, schedule }] });
      const page = (await rawRequest(url, '/preferences/good-token')).body.toString();
      return [...page.matchAll(/<option value="(each|daily|weekly|monthly)"/g)].map(([, rhythm = '']) => rhythm);
    };
    expect(await offered('0 7 1 * *')).toEqual(['each']);
    expect(await offered('0 7 * * FRI')).toEqual(['each', 'monthly']);
    // Twice on one day of the week.
    expect(await offered('0 7,19 * * MON')).toEqual(['each', 'daily', 'weekly', 'monthly']);
  });

  it('tells a reader without newsletters what there is to join', async () => {
    const site = await openReaderSite();
    await site.store.leaveAll(site.subscriberId, 'operator', site.clock.now());
    const page = (await site.get(site.preferencesPath)).body.toString();
    expect(page).toContain('You receive none of our newsletters.');
    expect(page).toContain('name="newsletter" value="weekly"> <b>The week</b>');
  });

  it('says where nothing is sent to the address, and how that ends', async () => {
    const site = await openReaderSite();
    await site.store.suppress('ann@example.com', 'address_gone', site.clock.now());
    const page = (await site.get(`/fa${site.preferencesPath}`)).body.toString();
    expect(page).toContain('اکنون چیزی به این نشانی فرستاده نمی‌شود');
    expect(page).toContain('<a href="/fa/subscribe">');
  });

  it('counts a pause that is over as none', async () => {
    const site = await openReaderSite();
    await site.post(site.preferencesPath, [...without('until-weekly'), ['until-weekly', '2023-04-20']]);
    expect((await site.get(site.preferencesPath)).body.toString()).toContain('value="2023-04-20"');
    site.clock.set('2023-04-20T00:00:00+04:00');
    expect((await site.get(site.preferencesPath)).body.toString()).not.toContain('value="2023-04-20"');
  });
});

describe('POST /preferences/TOKEN', () => {
  it('saves everything at once and records it', async () => {
    const site = await openReaderSite();
    const answer = await site.post(site.preferencesPath, [
      ['newsletter', 'weekly'],
      ['rhythm-weekly', 'monthly'],
      ['until-weekly', '2023-05-01'],
      ['rhythm-daily', 'each'],
      ['country', 'armenia'],
      ['language', 'fa'],
      ['language', 'en'],
      ['language', 'fa'],
      ['whole', '1'],
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('Your wishes are saved');
    expect(await site.wishes()).toEqual({
      weekly: ['paused', 'monthly', '2023-04-30T20:00:00.000Z'],
      daily: ['left', 'each', null],
    });
    expect((await site.store.findById(site.subscriberId))?.subscriber).toMatchObject({
      languages: ['fa', 'en'],
      lang: 'fa',
      countries: ['armenia'],
      topics: [],
    });
    const consents = await site.database.selectFrom('consent').selectAll().orderBy('id').execute();
    expect(consents.slice(1)).toMatchObject([
      {
        what: 'changed',
        newsletters: '["weekly"]',
        lists: '{"languages":["fa","en"],"countries":["armenia"],"topics":[]}',
        wording: 'With “Save” I ask for the newsletters that are ticked above.',
        // Of the page that showed it, not the reader's.
        lang: 'en',
        version: expect.stringMatching(/^[0-9a-f]{12}$/),
        how: 'page',
      },
      { what: 'left', newsletters: '["daily"]', how: 'page' },
    ]);
  });

  it('does no harm where an old page’s form is posted twice', async () => {
    const site = await openReaderSite();
    const form: [string, string][] = [
      ...without('until-weekly'),
      ['until-weekly', '2023-05-01'],
      ['country', 'georgia'],
    ];
    const first = await site.post(site.preferencesPath, form);
    const after = await site.dump();
    site.clock.set('2023-04-12T12:00:00Z');
    const second = await site.post(site.preferencesPath, form);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await site.dump()).toBe(after);
  });

  it('pauses all that are wanted until one day', async () => {
    const site = await openReaderSite();
    await site.post(site.preferencesPath, [...without('until'), ['until', '2023-06-01']]);
    expect(await site.wishes()).toEqual({
      weekly: ['paused', 'each', '2023-05-31T20:00:00.000Z'],
      daily: ['paused', 'each', '2023-05-31T20:00:00.000Z'],
    });
    await site.post(site.preferencesPath, whole);
    expect(await site.wishes()).toEqual({ weekly: ['active', 'each', null], daily: ['active', 'each', null] });
  });

  it('keeps a pause without an end for as long as it is ticked', async () => {
    const site = await openReaderSite();
    await site.database
      .updateTable('subscription')
      .set({ state: 'paused' })
      .where('newsletter', '=', 'weekly')
      .execute();
    expect((await site.get(site.preferencesPath)).body.toString()).toContain('name="held-weekly" value="1" checked');
    await site.post(site.preferencesPath, [...whole, ['held-weekly', '1']]);
    expect((await site.wishes())['weekly']).toEqual(['paused', 'each', null]);
    await site.post(site.preferencesPath, whole);
    expect((await site.wishes())['weekly']).toEqual(['active', 'each', null]);
  });

  it('takes all ticked for all there ever will be, and leaves alone what isn’t offered', async () => {
    const site = await openReaderSite({ newsletters: ['weekly', 'former'] });
    await site.post(site.preferencesPath, [...whole, ['country', 'georgia'], ['country', 'armenia']]);
    expect((await site.store.findById(site.subscriberId))?.subscriber.countries).toEqual([]);
    expect((await site.wishes())['former']).toEqual(['active', 'each', null]);
  });

  it('brings back for seven days what was unticked', async () => {
    const site = await openReaderSite();
    const page = (await site.post(site.preferencesPath, without('newsletter'))).body.toString();
    const [, leftAt = ''] = /name="undo" value="([^"]+)"/.exec(page) ?? [];
    site.clock.set('2023-04-17T11:59:00Z');
    const answer = await site.post(site.preferencesPath, { undo: leftAt });
    expect(answer.body.toString()).toContain('Welcome back');
    expect(await site.wishes()).toEqual({ weekly: ['active', 'each', null], daily: ['active', 'each', null] });
  });

  it.each([
    ['a day that is past', [...without('until'), ['until', '2023-04-10']], 'A pause can end on a day from'],
    ['a day too far away', [...without('until'), ['until', '9999-12-31']], 'A pause can end on a day from'],
    ['a day that there isn’t', [...without('until'), ['until', '2024-02-30']], 'A pause can end on a day from'],
    ['no day at all', [...without('until'), ['until', 'soon']], 'A pause can end on a day from'],
    ['no language', without('language'), 'Please choose at least one language.'],
    ['an unknown language', [...whole, ['language', 'xx']], 'isn’t offered here'],
    ['an unknown country', [...whole, ['country', '__proto__']], 'isn’t offered here'],
    ['an unknown topic', [...whole, ['topic', 'sport']], 'isn’t offered here'],
    ['an unknown newsletter', [...whole, ['newsletter', 'monthly']], 'isn’t offered here'],
    ['an unknown rhythm', [...without('rhythm-weekly'), ['rhythm-weekly', 'hourly']], 'isn’t offered here'],
    ['a form cut short', without('whole'), 'didn’t arrive whole'],
    ['an empty form', '', 'didn’t arrive whole'],
    ['a form’s worth of NULs', '%00=%00&whole=', 'at least one language'],
  ] as [string, [string, string][] | string, string][])(
    'says in a sentence what is wrong, and changes nothing: %s',
    async (_name, form, sentence) => {
      const site = await openReaderSite();
      const before = await site.dump();
      const answer = await site.post(site.preferencesPath, form);
      expect(answer.status).toBe(sentence === 'didn’t arrive whole' ? 400 : 422);
      expect(answer.body.toString()).toContain(sentence);
      expect((await site.post(`/fa${site.preferencesPath}`, form)).body.toString()).toContain('چیزی تغییر نکرد');
      expect(await site.dump()).toBe(before);
    },
  );

  it('shows what was typed in a form that it refuses, and marks what is wrong', async () => {
    const site = await openReaderSite({ countries: ['armenia'] });
    const form: [string, string][] = [
      ['newsletter', 'daily'],
      ['rhythm-daily', 'weekly'],
      ['until-daily', '2023-04-10'],
      ['held-daily', '1'],
      ['until', '2023-04-09'],
      ['country', 'georgia'],
      ['language', 'fa'],
      ['language', 'en'],
      ['whole', '1'],
    ];
    const wrong = (await site.post(site.preferencesPath, form)).body.toString();
    expect(wrong).toContain('<p class="warning" id="fault" role="alert">');
    expect(wrong).toContain('value="2023-04-10" aria-invalid="true" aria-describedby="fault">');
    expect(wrong).toContain('name="held-daily" value="1" checked');
    expect(wrong).toMatch(/name="newsletter" value="daily" checked.*?<option value="weekly" selected>/s);
    expect(wrong).not.toContain('name="newsletter" value="weekly" checked');
    expect(wrong).toContain('name="country" value="georgia" checked');
    expect(wrong).not.toContain('value="armenia" checked');
    expect(wrong).toMatch(/<option value="fa"[^>]* selected>.*?<option value="en"[^>]* selected>/s);
    expect(wrong).toContain('value="2023-04-09" aria-invalid="true"');
    expect(wrong.match(/aria-invalid/g)).toHaveLength(2);
    const none = (await site.post(site.preferencesPath, without('language'))).body.toString();
    expect(none).toContain('<fieldset aria-describedby="fault"><legend>');
  });

  it('changes nothing for JSON, a file, or a body that is too long', async () => {
    const site = await openReaderSite();
    const before = await site.dump();
    const post = (type: string, body: string) =>
      rawRequest(site.url, site.preferencesPath, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await post('application/json', '{"newsletter":[],"whole":1}')).status).toBe(400);
    expect((await post('text/plain', 'whole=1&language=en')).status).toBe(400);
    const file = '--cut\r\nContent-Disposition: form-data; name="whole"; filename="a"\r\n\r\n1\r\n--cut--\r\n';
    expect((await post('multipart/form-data; boundary=cut', file)).status).toBe(400);
    const long = await post('application/x-www-form-urlencoded', `whole=1&x=${'y'.repeat(50_000)}`);
    expect(long.status).toBe(413);
    expect(long.body.toString()).toContain('longer than any form here');
    expect(await site.dump()).toBe(before);
  });

  it('reads no more of an endless body than a form may have', async () => {
    const site = await openReaderSite();
    const before = await site.dump();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 100 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(64 * 1024).fill(120));
        sent += 64 * 1024;
      },
    });
    const answer = await fetch(site.url + site.preferencesPath, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: endless,
      duplex: 'half',
    }).catch(() => null);
    // The connection may be cut before the answer is read.
    if (answer !== null) expect(answer.status).toBe(413);
    expect(sent).toBeLessThan(20 * 1024 * 1024);
    expect(await site.dump()).toBe(before);
  });

  it('answers a forged, cut, or foreign-purpose token alike, and changes nothing', async () => {
    const site = await openReaderSite();
    const good = site.tokenFor('preferences');
    const before = await site.dump();
    const bodies = new Set<string>();
    for (const token of [
      'forged',
      good.slice(0, -1),
      site.tokenFor('unsubscribe', 'weekly'),
      site.tokenFor('preferences', 'weekly').slice(4),
      '%00',
      'a'.repeat(2000),
    ]) {
      for (const answer of [
        await site.get(`/preferences/${token}`),
        await site.post(`/preferences/${token}`, whole),
        await site.post(`/preferences/${token}`, 'nonsense'),
      ]) {
        expect(answer.status, token).toBe(404);
        bodies.add(answer.body.toString());
      }
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toContain('This link can’t be used');
    expect(await site.dump()).toBe(before);
  });
});
