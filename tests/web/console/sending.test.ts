import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plusMs } from '../../../src/clock.ts';
import { openConsole, type SignedIn, type TestConsole } from '../../support/console.ts';
import { type FixedClock, fixedClock } from '../../support/fixed-clock.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { newReader } from '../../support/reader-store.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const start = '2026-11-25T09:00:00.000Z';

let clock: FixedClock;
let desk: TestConsole;
const closing: (() => Promise<void>)[] = [];

async function newsroom(): Promise<string> {
  const home = await createTemporaryFolder();
  closing.push(() => home.remove());
  const folder = await smallPublication(home.path);
  await mkdir(join(folder, 'content'), { recursive: true });
  for (const [slug, country] of [
    ['bridge', 'georgia'],
    ['tunnel', 'armenia'],
  ]) {
    const text = `---\ntitle: About <b>${slug}</b>\nsummary: What happened.\ndate: 2026-11-24\ncountries: [${country}]\n---\n\nThe text.\n`;
    await writeFile(join(folder, 'content', `${slug}.md`), text);
  }
  return folder;
}

beforeAll(async () => {
  clock = fixedClock(start);
  desk = await openConsole({ folder: await newsroom(), clock, closeLater: (close) => closing.push(close) });
  await desk.app.rebuild({});
  const to = { newsletters: ['weekly'] };
  await desk.app.subscribers.addSubscribers(
    [
      newReader('ann@example.com', to),
      newReader('bob@example.com', { ...to, countries: ['georgia'] }),
      newReader('cyrus@example.com', { ...to, languages: ['fa'], countries: ['armenia'] }),
      newReader('dia@example.com', { ...to, languages: ['fa'] }),
    ],
    start,
  );
  await desk.app.subscribers.suppress('dia@example.com', 'operator', start);
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const text = (answer: { readonly body: Buffer }): string => answer.body.toString();

/** The confirmation, once all is counted, and its form. */
async function confirmation(
  query: string,
  who: SignedIn = desk,
): Promise<{ page: string; form: Record<string, string> }> {
  const page = await vi.waitFor(
    async () => {
      const answer = await who.get(`/send/confirm?${query}`);
      expect(answer.status).toBe(200);
      expect(text(answer)).not.toContain('readers are counted');
      return text(answer);
    },
    { timeout: 30_000, interval: 50 },
  );
  const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return {
    page,
    form: Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')])),
  };
}

const alert = 'newsletter=weekly&what=alert&article=bridge&when=now';

/** Gives up whatever is on its way. */
async function clear(): Promise<void> {
  for (const { id } of await desk.app.editions.listEditions({ states: ['approved', 'sending', 'paused', 'held'] })) {
    await desk.app.ledger.cancelEdition(id, clock.now());
  }
}

describe('/console/send', () => {
  it('offers the newsletters, articles and editions that there are', async () => {
    const page = text(await desk.get('/send'));
    expect(page).toContain('The week');
    expect(page).toContain('About &lt;b&gt;tunnel&lt;/b&gt;');
    expect(page).toContain('name="country" value="armenia"');
  });

  it('keeps what was typed and says beside the field what is wrong', async () => {
    const answer = await desk.get('/send/confirm?newsletter=weekly&what=alert&article=brdge%22%3E&when=at&at=never');
    expect(answer.status).toBe(422);
    expect(text(answer)).toContain('value="brdge&quot;&gt;"');
    expect(text(answer)).toContain('No published article has the slug “<bdi>brdge&quot;&gt;</bdi>”.');
    expect(text(answer)).toContain('“<bdi>never</bdi>” is no time.');
    expect(text(await desk.get('/send/confirm?newsletter=nope&got=nope'))).toContain('Choose a newsletter.');
    expect(text(await desk.get('/send/confirm?newsletter=weekly&got=nope'))).toContain('No edition nope of weekly');
    expect(text(await desk.get('/send/confirm?newsletter=weekly&country=atlantis'))).toContain('no country atlantis');
    expect(await desk.app.editions.listEditions()).toEqual([]);
  });
});

describe('/console/send/confirm', () => {
  it('names what goes to exactly how many, who is left out and why; nothing is made', async () => {
    const { page, form } = await confirmation('newsletter=weekly&what=new&when=now');
    expect(page).toContain('<b>3 readers</b><span>three</span>');
    expect(page).toContain('Send to 3 readers');
    expect(page).toContain('1 reader: their address is on the list');
    expect(page).toContain('2 articles');
    expect(form).toMatchObject({ wishes: 'newsletter=weekly&what=new&when=now', shown: '3' });
    expect(await desk.app.editions.listEditions()).toEqual([]);
  });

  it('leads to the mail in each language, as it would be', async () => {
    const { page } = await confirmation(alert);
    expect(page).toContain(`href="/console/send/preview?${alert.replaceAll('&', '&amp;')}&amp;shown=en"`);
    const shown = await vi.waitFor(async () => {
      const look = text(await desk.get(`/send/preview?${alert}&shown=fa&width=phone`));
      expect(look).not.toContain('is being drawn');
      return look;
    }, 60_000);
    const [, frame = ''] = /<iframe class="mail phone"[^>]* sandbox="[^"]*" src="\/console([^"]*)"/.exec(shown) ?? [];
    const mail = await desk.get(frame.replaceAll('&amp;', '&'));
    expect(mail.headers['content-security-policy']).toContain('sandbox');
    expect(text(mail)).toMatch(/<html[^>]* lang="fa"[^>]* dir="rtl"/);
    expect(text(mail)).toContain('About &lt;b&gt;bridge&lt;/b&gt;');
    expect(text(mail)).not.toContain('tunnel');
    expect((await desk.get('/send/preview?newsletter=nope')).status).toBe(422);
    expect(await desk.app.editions.listEditions()).toEqual([]);
  });

  it('says that there is nothing for anybody, and offers no button', async () => {
    const { page } = await confirmation(`${alert}&country=armenia&lang=fa`);
    expect(page).toContain('<b>0 readers</b>');
    expect(page).not.toContain('Send to');
  });

  it('shows for a segment, and for a correction to those who got it, the number that is frozen', async () => {
    const first = await sendAll('newsletter=weekly&what=articles&slug=bridge&slug=tunnel&lang=en');
    expect(first).toMatchObject({ shown: 2, queued: 2 });
    const { editions, ledger } = desk.app;
    const now = clock.now();
    const [got] = await ledger.claim({
      worker: 'worker',
      transport: 'outbox',
      limit: 1,
      now,
      leaseUntil: plusMs(now, 60_000),
      editionId: first.id,
    });
    if (!got) throw new Error('nothing was claimed');
    const { deliveryId, token } = got;
    await ledger.commit(
      [
        { kind: 'begin', deliveryId, token, messageId: '<one@courier.example>' },
        { kind: 'sent', deliveryId, token, reply: '250 ok', phase: 'final_dot', class: 'accepted' },
      ],
      now,
    );
    await clear();
    const again = await sendAll(`newsletter=weekly&what=correction&edition=${first.id}`);
    expect(again).toMatchObject({ shown: 1, queued: 1 });
    expect(await editions.findEdition(again.id)).toMatchObject({
      selection: { slugs: expect.arrayContaining(['bridge', 'tunnel']), again: true },
      audience: { gotEdition: first.id },
    });
    await clear();
  });
});

/** Sends what a form asks for, waits for its minute, and lets it be frozen. */
async function sendAll(query: string): Promise<{ id: string; shown: number; queued: number }> {
  const { form } = await confirmation(query);
  expect((await desk.post('/send', form)).status).toBe(303);
  clock.set(plusMs(clock.now(), 60_000));
  const [edition] = await desk.app.desk.runDue();
  if (!edition) throw new Error('nothing was due');
  const { queued } = await desk.app.editions.getCounts(edition.id);
  return { id: edition.id, shown: Number(form['shown']), queued };
}

describe('POST /console/send', () => {
  it('makes one edition of a double click, a reload and a second window, with a minute to undo', async () => {
    const before = (await desk.app.editions.listEditions()).length;
    const [first, second] = [await confirmation(alert), await confirmation(alert)];
    const answers = await Promise.all([first, first, second].map(({ form }) => desk.post('/send', form)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
    const [edition, ...others] = (await desk.app.editions.listEditions()).slice(0, -before);
    expect(others).toEqual([]);
    expect(edition).toMatchObject({
      state: 'approved',
      dueAt: plusMs(clock.now(), 60_000),
      selection: { slugs: ['bridge'] },
      openedBy: { id: desk.operator.id, name: desk.operator.name },
    });

    const page = text(await desk.get(`/editions/${edition?.id}/sending`));
    expect(page).toContain('<b>60</b><span>seconds until it leaves</span>');
    clock.set(plusMs(clock.now(), 59_999));
    expect(await desk.app.desk.runDue()).toEqual([]);
    expect((await desk.post(`/editions/${edition?.id}/pause`)).headers['set-cookie']?.[0]).toContain(
      'nothing%20to%20pause',
    );
    expect((await desk.post(`/editions/${edition?.id}/undo`)).status).toBe(303);
    clock.set(plusMs(clock.now(), 60_000));
    expect(await desk.app.desk.runDue()).toEqual([]);
    expect(await desk.app.editions.findEdition(edition?.id ?? '')).toMatchObject({
      state: 'cancelled',
      frozenAt: null,
    });
  });

  it('tells a second operator who is sending what', async () => {
    const other = await desk.signIn('sender');
    const [mine, theirs] = [await confirmation(alert), await confirmation(alert, other)];
    const answers = await Promise.all([desk.post('/send', mine.form), other.post('/send', theirs.form)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const winner = answers[0]?.status === 303 ? desk : other;
    const told = answers.find(({ status }) => status === 409);
    expect(told && text(told)).toContain(`<bdi>${winner.operator.name}</bdi> has asked for it.`);
    expect(await desk.app.editions.listEditions({ states: ['approved'] })).toHaveLength(1);
    await clear();
  });

  it('asks again where the number has changed since, and records what is sent', async () => {
    const { form } = await confirmation(alert);
    const answer = await desk.post('/send', { ...form, shown: '4812' });
    expect(answer.status).toBe(422);
    expect(text(answer)).toContain('4,812 readers have become 1 reader.');
    expect(await desk.app.editions.listEditions({ states: ['approved'] })).toEqual([]);
    await desk.post('/send', form);
    const [made, entry] = await desk.app.operatorRoom.auditEntries.listEntries({}, null, 2);
    expect(entry).toMatchObject({ action: 'editions.send', subject: 'weekly' });
    const [{ id } = { id: '' }] = await desk.app.editions.listEditions({ states: ['approved'] });
    expect(made).toMatchObject({ action: 'editions.send.made', subject: id, after: `{"entry":${entry?.id}}` });
    expect(JSON.parse(entry?.after ?? '')).toEqual({ asked: alert, readers: 1 });
    await clear();
  });

  it('keeps a draft of the schedule beside it', async () => {
    clock.set('2026-11-27T02:30:00.000Z');
    const [draft] = await desk.app.desk.runDue();
    expect(draft).toMatchObject({ state: 'draft' });
    const sender = await desk.signIn('sender');
    const { form } = await confirmation(alert, sender);
    expect((await sender.post('/send', form)).status).toBe(303);
    expect(await desk.app.editions.findEdition(draft?.id ?? '')).toMatchObject({ state: 'draft' });
    await clear();
  });
});

describe('/console/editions/:id/early', () => {
  it('sends a draft before its time, once, after a minute in which it can be taken back', async () => {
    await clear();
    clock.set('2026-11-27T01:00:00.000Z');
    const ana = await desk.signIn('sender');
    const news = '---\ntitle: About a ferry\nsummary: What happened.\ndate: 2026-11-26\n---\n\nThe text.\n';
    await writeFile(join(desk.app.config.dir, 'content', 'ferry.md'), news);
    await desk.app.rebuild({});
    await desk.app.desk.runDue();
    const [draft] = await desk.app.editions.listEditions({ newsletter: 'weekly', states: ['draft'] });
    const id = draft?.id ?? '';
    expect(id).toBe('weekly-2026-11-27T0300Z');
    const page = await vi.waitFor(
      async () => {
        const answer = text(await ana.get(`/editions/${id}/early`));
        expect(answer).not.toContain('readers are counted');
        return answer;
      },
      { timeout: 30_000, interval: 50 },
    );
    expect(page).toMatch(/It goes to <b>\d readers?<\/b>/);
    const unseen = await ana.post(`/editions/${id}/early`, { seen: 'something else' });
    expect([unseen.status, text(unseen)]).toEqual([422, expect.stringContaining('It has changed since you looked')]);
    const form = { seen: /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? '' };
    expect((await ana.post(`/editions/${id}/early`, form)).headers.location).toBe(`/console/editions/${id}/sending`);
    expect((await ana.post(`/editions/${id}/early`, form)).status).toBe(303);
    const early = await desk.app.editions.findEdition(id);
    expect(early).toMatchObject({
      state: 'approved',
      dueAt: '2026-11-27T01:01:00.000Z',
      openedBy: { id: ana.operator.id, name: ana.operator.name },
    });

    await ana.post(`/editions/${id}/undo`);
    expect(await desk.app.editions.findEdition(id)).toMatchObject({ state: 'draft', dueAt: draft?.dueAt });

    // What lets held ones go lets go nothing else.
    await ana.post(`/editions/${id}/release`);
    expect(await desk.app.editions.findEdition(id)).toMatchObject({ state: 'draft' });

    await ana.post(`/editions/${id}/early`, form);
    await desk.app.desk.runDue();
    expect((await desk.app.editions.findEdition(id))?.state).toBe('approved');
    clock.set('2026-11-27T01:01:00.000Z');
    await desk.app.desk.runDue();
    expect((await desk.app.editions.findEdition(id))?.frozenAt).toBe('2026-11-27T01:01:00.000Z');
    await desk.app.postRoom.sendUntilIdle(id, () => {});
    for (const time of ['2026-11-27T02:00:00.000Z', '2026-11-27T03:00:00.000Z', '2026-11-27T04:00:00.000Z']) {
      clock.set(time);
      expect(await desk.app.desk.runDue()).toEqual([]);
    }
  });
});

describe('POST /console/editions/:id/release', () => {
  it('lets an edition go that was held, by a button on its page', async () => {
    await clear();
    const ana = await desk.signIn('sender');
    const { config, desk: editionDesk, editions } = desk.app;
    const [newsletter] = config.newsletters;
    if (!newsletter) throw new Error('The small publication has a newsletter.');
    const selection = { since: null, slugs: ['tunnel'] };
    const { id } = await editionDesk.open({ newsletter, dueAt: clock.now(), trigger: 'manual', selection });
    await editions.moveEdition(id, 'held', { reason: 'missed', now: clock.now() });
    const page = text(await ana.get(`/editions/${id}/sending`));
    expect(page).toContain('its time was missed by more than its grace');
    expect(page).toContain('Let it go');
    expect((await ana.post(`/editions/${id}/release`)).status).toBe(303);
    expect(await editions.findEdition(id)).toMatchObject({ state: 'approved', reason: 'operator' });
    await clear();
  });
});
