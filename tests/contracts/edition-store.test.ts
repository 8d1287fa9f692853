import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { plusMs, systemClock } from '../../src/clock.ts';
import { type Edition, type NewEdition, unarranged } from '../../src/digest/index.ts';
import { addReaders, freezeApproved, freezeWeekly, type MailRoom, openMailRoom } from '../support/mailing.ts';
import { plansOf } from '../support/query-plans.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';

let room: MailRoom;
beforeEach(async () => {
  const folder = await temporaryFolder();
  room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
});

const due: NewEdition = {
  newsletter: 'weekly',
  dueAt: now,
  trigger: 'schedule',
  selection: { since: null, slugs: null },
  state: 'draft',
  reason: null,
  now,
  key: 'once',
};

async function create(wishes: Partial<NewEdition> = {}): Promise<Edition> {
  const edition = await room.editions.createEdition({ ...due, ...wishes });
  if (!edition) throw new Error('no edition was made');
  return edition;
}

describe('createEdition', () => {
  it('keys an edition by its time in UTC', async () => {
    const edition = await create({ selection: { since: null, slugs: ['tehran-talks'] } });
    expect(edition).toMatchObject({
      id: 'weekly-2026-11-27T0300Z',
      key: '2026-11-27T0300Z',
      state: 'draft',
      selection: { since: null, slugs: ['tehran-talks'] },
      dueAt: now,
      transport: null,
      expiresAt: null,
    });
    expect(await room.editions.findEdition(edition.id)).toEqual(edition);
    expect(await room.editions.findByKey('weekly', '2026-11-27T0300Z')).toEqual(edition);
    expect(await room.editions.findEdition('nope')).toBeNull();
  });

  it('makes one of a time, however many schedulers ask', async () => {
    await create();
    expect(await room.editions.createEdition(due)).toBeNull();
    expect(await room.editions.createEdition({ ...due, newsletter: 'daily' })).toMatchObject({ newsletter: 'daily' });
  });

  it('numbers further ones by hand', async () => {
    await create({ state: 'skipped' });
    const second = await create({ key: 'another', state: 'skipped' });
    const third = await create({ key: 'another', state: 'approved' });
    expect([second.key, third.key]).toEqual(['2026-11-27T0300Z-2', '2026-11-27T0300Z-3']);
  });

  it('refuses a second one that is pending, and a second draft, but has both beside each other', async () => {
    const draft = await create();
    await expect(create({ dueAt: plusMs(now, 60_000) })).rejects.toMatchObject({ code: 'conflict' });
    const byHand = await create({ key: 'another', state: 'approved', openedBy: { id: 1, name: 'Ana' } });
    await expect(create({ dueAt: plusMs(now, 60_000), state: 'held' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${byHand.id}, asked for by Ana`),
    });
    await expect(room.editions.moveEdition(draft.id, 'approved', { now })).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.editions.findDraft('weekly')).toEqual(draft);
    expect(await room.editions.findPending('weekly')).toEqual(byHand);
    await room.ledger.cancelEdition(byHand.id, now);
    expect(await room.editions.moveEdition(draft.id, 'approved', { now })).toMatchObject({ state: 'approved' });
  });

  it('gives whoever asks with a token that is known the edition that it made', async () => {
    const wishes = { key: 'another', state: 'approved', requestToken: 'a form’s own' } as const;
    const audience = { languages: ['fa'], countries: ['georgia'], gotEdition: null };
    const first = await create({ ...wishes, audience });
    expect(first).toMatchObject({ audience, openedBy: null });
    expect(await create({ ...wishes, dueAt: plusMs(now, 60_000) })).toEqual(first);
    await room.ledger.cancelEdition(first.id, now);
    expect(await create(wishes)).toMatchObject({ id: first.id, state: 'cancelled' });
  });
});

describe('moveEdition', () => {
  it('follows the table of transitions', async () => {
    const { id } = await create();
    expect(await room.editions.moveEdition(id, 'held', { reason: 'missed', now })).toMatchObject({
      state: 'held',
      reason: 'missed',
      finishedAt: null,
    });
    expect(await room.editions.findPending('weekly')).toMatchObject({ id });
    await expect(room.editions.moveEdition(id, 'sent', { now })).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.editions.moveEdition(id, 'cancelled', { now })).toMatchObject({ reason: null, finishedAt: now });
    await expect(room.editions.moveEdition(id, 'approved', { now })).rejects.toMatchObject({ code: 'conflict' });
    await expect(room.editions.moveEdition('nope', 'approved', { now })).rejects.toMatchObject({ code: 'not_found' });
    expect(await room.editions.findPending('weekly')).toBeNull();
  });
});

describe('moveEdition, of an edition as somebody saw it', () => {
  it('leaves alone what has become another one since', async () => {
    const draft = await create();
    const early = await room.editions.advanceDraft(draft.id, {
      dueAt: plusMs(now, 60_000),
      openedBy: { id: 1, name: 'Ana' },
    });
    expect(early).toMatchObject({ state: 'approved', openedBy: { id: 1, name: 'Ana' }, reason: null });
    const over = room.editions.moveEdition(draft.id, 'cancelled', { reason: 'superseded', now, seen: draft });
    await expect(over).rejects.toMatchObject({ code: 'conflict' });
    await room.editions.returnToDraft(draft.id, now);
    await room.editions.advanceDraft(draft.id, { dueAt: plusMs(now, 90_000), openedBy: { id: 1, name: 'Ana' } });
    const skipped = room.editions.skipEdition(draft.id, { reason: 'nothing_new', cutoff: now, now, seen: early });
    await expect(skipped).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.editions.findEdition(draft.id)).toMatchObject({ state: 'approved', cutoff: null });
  });
});

describe('findNextDue', () => {
  it('knows when the next approved edition is due', async () => {
    expect(await room.editions.findNextDue(now)).toBeNull();
    await create({ newsletter: 'daily', state: 'held' });
    await create({ state: 'approved', dueAt: plusMs(now, 60_000) });
    expect(await room.editions.findNextDue(now)).toBe(plusMs(now, 60_000));
    expect(await room.editions.findNextDue(plusMs(now, 60_000))).toBeNull();
  });
});

describe('listEditions', () => {
  it('lists the newest first, by newsletter, state and number', async () => {
    const old = await create({ state: 'skipped' });
    const recent = await create({ dueAt: plusMs(now, 3600_000), state: 'approved' });
    const daily = await create({ newsletter: 'daily', dueAt: plusMs(now, 60_000) });
    const ids = async (filter: Parameters<typeof room.editions.listEditions>[0]) =>
      (await room.editions.listEditions(filter)).map(({ id }) => id);
    expect(await ids({})).toEqual([recent.id, daily.id, old.id]);
    expect(await ids({ newsletter: 'weekly' })).toEqual([recent.id, old.id]);
    expect(await ids({ states: ['skipped', 'draft'] })).toEqual([daily.id, old.id]);
    expect(await ids({ limit: 1 })).toEqual([recent.id]);
    expect(await ids({ limit: 2, offset: 1 })).toEqual([daily.id, old.id]);
    expect(await ids({ after: recent.id, limit: 1 })).toEqual([daily.id]);
    expect(await ids({ after: daily.id, newsletter: 'weekly' })).toEqual([old.id]);
    expect(await ids({ after: old.id })).toEqual([]);
    expect(await ids({ isFrozen: true })).toEqual([]);
  });
});

describe('lists of editions', () => {
  it('come from an index, of a newsletter and of a story, however many there were', async () => {
    const plans = await plansOf(room.database, async () => {
      await room.editions.listEditions({ newsletter: 'weekly', limit: 20 });
      await room.editions.listEditions({ newsletter: 'weekly', rhythm: 'each', limit: 50 });
      await room.editions.listEditionsHolding(['a', 'b']);
    });
    const [ofNewsletter, ofRhythm, holding] = plans.map((steps) => steps.join('\n'));
    for (const steps of [ofNewsletter, ofRhythm]) {
      expect(steps).toMatch(/SEARCH edition USING INDEX edition_of_newsletter/);
      expect(steps).not.toMatch(/TEMP B-TREE/);
    }
    expect(holding).toMatch(/SEARCH edition_story USING .*INDEX edition_story_of/);
  });

  it('that aren’t over are found without those that are', async () => {
    const plans = await plansOf(room.database, async () => {
      await room.editions.listEditions({ states: ['sending'], limit: 1 });
      await room.editions.listEditions({ states: ['approved', 'sending'] });
      await room.editions.findPending('weekly');
      await room.editions.findDraft('weekly');
    });
    expect(plans).toHaveLength(4);
    for (const steps of plans) {
      for (const step of steps) {
        expect(step).not.toMatch(/(?:SCAN|SEARCH) edition(?! USING INDEX (?:edition_open|edition_draft|.*\(id=\?\)))/);
      }
    }
  });
});

describe('listCounts', () => {
  it('has those of many editions at once, each as getCounts has it', async () => {
    await addReaders(room, [{ email: 'one@example.com' }, { email: 'two@example.com', state: 'suspended' }]);
    const { id } = await freezeWeekly(room, { now });
    const empty = await create({ newsletter: 'daily' });
    const counts = await room.editions.listCounts([id, empty.id, 'unknown']);
    expect([...counts.keys()].sort()).toEqual([empty.id, id].sort());
    for (const [edition, found] of counts) expect(found).toEqual(await room.editions.getCounts(edition));
    expect(counts.get(id)).toMatchObject({ candidates: 2, queued: 1, excluded: 1 });
  });
});

describe('listTexts', () => {
  it('has the headlines and summaries of frozen editions, in the languages that are asked for', async () => {
    await addReaders(room, [{ email: 'one@example.com' }]);
    const { id } = await freezeWeekly(room, { now });
    const draft = await create({ newsletter: 'daily' });
    const texts = await room.editions.listTexts([id, draft.id], ['en', 'xx']);
    const [english] = (await room.editions.listPieces(id)).filter(({ lang }) => lang === 'en');
    const stories = english?.stories.map(({ storyKey, lang, title, summary }) => ({ storyKey, lang, title, summary }));
    expect(stories).toHaveLength(2);
    expect([...texts]).toEqual([
      [id, [{ lang: 'en', stories }]],
      [draft.id, []],
    ]);
    expect(await room.editions.listTexts([], ['en'])).toEqual(new Map());
  });
});

describe('findLastCutoff and listUsedStories', () => {
  it('know what was composed, not what was cancelled before anybody got it', async () => {
    await addReaders(room, [{ email: 'one@example.com' }]);
    expect(await room.editions.findLastCutoff('weekly')).toBeNull();
    const skipped = await create({ state: 'approved' });
    await room.editions.skipEdition(skipped.id, { reason: 'nothing_new', cutoff: now, now });
    expect(await room.editions.findLastCutoff('weekly')).toBe(now);

    const later = plusMs(now, 3600_000);
    const { id } = await freezeWeekly(room, { now: later });
    expect(await room.editions.findLastCutoff('weekly')).toBe(later);
    expect(await room.editions.listUsedStories('weekly')).toEqual(new Set(['armenia', 'georgia']));
    expect(await room.editions.listUsedStories('daily')).toEqual(new Set());
    await room.ledger.cancelEdition(id, later);
    expect(await room.editions.findLastCutoff('weekly')).toBe(now);
    expect(await room.editions.listUsedStories('weekly')).toEqual(new Set());
  });

  it('count a cancelled edition of which something went out', async () => {
    await addReaders(room, [{ email: 'one@example.com' }, { email: 'two@example.com' }]);
    const { id } = await freezeWeekly(room, { now });
    const [claimed] = await room.ledger.claim({
      worker: 'w',
      transport: 'outbox',
      limit: 1,
      now,
      leaseUntil: plusMs(now, 900_000),
      editionId: id,
    });
    if (!claimed) throw new Error('nothing was claimed');
    const { deliveryId, token } = claimed;
    await room.ledger.commit([{ kind: 'begin', deliveryId, token, messageId: '<a@b>' }], now);
    await room.ledger.commit(
      [{ kind: 'sent', deliveryId, token, reply: '250', phase: 'final_dot', class: 'accepted' }],
      now,
    );
    await room.ledger.cancelEdition(id, now);
    expect(await room.editions.listUsedStories('weekly')).toEqual(new Set(['armenia', 'georgia']));
    expect(await room.editions.findLastCutoff('weekly')).toBe(now);
  });

  it('leave out what is only half frozen', async () => {
    await addReaders(room, [{ email: 'one@example.com' }]);
    const edition = await create({ state: 'approved' });
    const frozen = freezeApproved(room, edition.id, {
      now,
      onProgress() {
        throw new Error('the power went');
      },
    });
    await expect(frozen).rejects.toThrow('the power went');
    expect(await room.editions.listUsedStories('weekly')).toEqual(new Set());
    expect(await room.editions.findLastCutoff('weekly')).toBeNull();
  });
});

describe('seeNewsletters', () => {
  it('remembers the first time, by transport', async () => {
    const later = plusMs(now, 3600_000);
    expect(await room.editions.seeNewsletters(['weekly'], 'outbox', now)).toEqual(new Map([['weekly', now]]));
    expect(await room.editions.seeNewsletters(['weekly', 'daily'], 'outbox', later)).toEqual(
      new Map([
        ['weekly', now],
        ['daily', later],
      ]),
    );
    expect(await room.editions.seeNewsletters(['weekly'], 'smtp://relay.example:587', later)).toEqual(
      new Map([['weekly', later]]),
    );
    expect(await room.editions.seeNewsletters([], 'outbox', later)).toEqual(new Map());
  });
});

describe('editions of a rhythm', () => {
  it('are made once for a time, beside the newsletter’s own, with a key of their own', async () => {
    const own = await create();
    const weekly = await create({ rhythm: 'weekly' });
    expect(weekly).toMatchObject({ rhythm: 'weekly', key: `${own.key}-2` });
    expect(await room.editions.createEdition({ ...due, rhythm: 'weekly' })).toBeNull();
    await expect(create({ rhythm: 'weekly', key: 'another' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await room.editions.findDraft('weekly')).toEqual(own);
    expect(await room.editions.findDraft('weekly', 'weekly')).toEqual(weekly);
    expect(await room.editions.listEditions({ rhythm: 'weekly' })).toEqual([weekly]);
  });

  it('are wanted while a reader of that rhythm gets mail', async () => {
    const [one = 0] = await addReaders(room, [{ email: 'one@example.com' }]);
    const list = () => room.editions.listRhythms('weekly', ['daily', 'weekly', 'monthly'], now);
    const set = (fields: { rhythm?: string; state?: string; paused_until?: string }) =>
      room.database.updateTable('subscription').set(fields).where('subscriber_id', '=', one).execute();
    expect(await list()).toEqual([]);
    await set({ rhythm: 'monthly' });
    expect(await list()).toEqual(['monthly']);
    await set({ state: 'paused' });
    expect(await list()).toEqual([]);
    await set({ paused_until: now });
    expect(await list()).toEqual(['monthly']);
  });

  it('begin anew after they were forgotten', async () => {
    await room.editions.seeNewsletters(['daily', 'daily (weekly)'], 'outbox', now);
    await room.editions.forgetSeen(['daily (weekly)']);
    expect(await room.editions.listSeen()).toEqual(new Set(['daily']));
    const later = plusMs(now, 1000);
    const seen = await room.editions.seeNewsletters(['daily', 'daily (weekly)'], 'outbox', later);
    expect([...seen]).toEqual([
      ['daily', now],
      ['daily (weekly)', later],
    ]);
  });
});

describe('arrangeEdition', () => {
  const arrangement = { ...unarranged, leftOut: [{ key: 'armenia', by: 'Ana' }], subjects: { fa: 'گفت‌وگو' } };
  const change = { revision: 0, arrangement, by: 'Ana', what: 'left out “Armenia”', now };

  it('changes what an edition is going to hold, and keeps who did what', async () => {
    const { id } = await create();
    const outcome = await room.editions.arrangeEdition(id, change);
    expect(outcome).toMatchObject({ kind: 'arranged', edition: { arrangement, revision: 1 } });
    await room.editions.arrangeEdition(id, { ...change, revision: 1, by: 'Nino', what: 'pinned “Georgia”' });
    expect(await room.editions.findEdition(id)).toMatchObject({ arrangement, revision: 2 });
    expect(await room.editions.listArrangementChanges(id, 10)).toEqual([
      { revision: 1, by: 'Ana', at: now, what: 'left out “Armenia”' },
      { revision: 2, by: 'Nino', at: now, what: 'pinned “Georgia”' },
    ]);
    expect(await room.editions.listArrangementChanges(id, 1)).toMatchObject([{ by: 'Nino' }]);
  });

  it('refuses a change of what somebody else has changed since, and says how', async () => {
    const { id } = await create({ state: 'held', reason: 'missed' });
    await room.editions.arrangeEdition(id, change);
    const late = await room.editions.arrangeEdition(id, { ...change, arrangement: unarranged, by: 'Nino' });
    expect(late).toMatchObject({ kind: 'outdated', edition: { arrangement }, changes: [{ revision: 1, by: 'Ana' }] });
    expect(await room.editions.findEdition(id)).toMatchObject({ arrangement, revision: 1 });
  });

  it('keeps away from a freeze under way, and not from a hold that was written before the clock was set back', async () => {
    const { id } = await create({ state: 'approved' });
    const hold = (ms: number) =>
      room.database
        .updateTable('edition')
        .set({ freezer: 'somebody', freezer_until: plusMs(systemClock.now(), ms) })
        .where('id', '=', id)
        .execute();
    await hold(9000);
    expect(await room.editions.arrangeEdition(id, change)).toMatchObject({ kind: 'closed' });
    await hold(3_600_000);
    expect(await room.editions.arrangeEdition(id, change)).toMatchObject({ kind: 'arranged' });
    const { freezer } = await room.database.selectFrom('edition').select('freezer').executeTakeFirstOrThrow();
    expect(freezer).toBeNull();
  });

  it('outlives the way from draft to approved, and is over once the edition is frozen', async () => {
    const { id } = await create();
    await room.editions.arrangeEdition(id, change);
    await room.editions.moveEdition(id, 'approved', { now });
    await freezeApproved(room, id, { revision: 1 });
    const outcome = await room.editions.arrangeEdition(id, { ...change, revision: 1, arrangement: unarranged });
    expect(outcome).toMatchObject({ kind: 'closed', edition: { arrangement, revision: 1 } });
  });

  it('knows no edition of another name', async () => {
    await expect(room.editions.arrangeEdition('nope', change)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an edition that is arranged anew while it is composed', () => {
  it('is not frozen as it was', async () => {
    const { id } = await create({ state: 'approved' });
    await room.editions.arrangeEdition(id, {
      revision: 0,
      arrangement: unarranged,
      by: 'Ana',
      what: 'left out “Armenia”',
      now,
    });
    await expect(freezeApproved(room, id, { revision: 0 })).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'approved', frozenAt: null });
  });
});
