import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Instant, plusMs, systemClock } from '../../src/clock.ts';
import {
  type ClaimedDelivery,
  type ClaimRequest,
  type Delivery,
  type DeliveryState,
  deliveryTransitions,
  type LedgerEntry,
} from '../../src/delivery/index.ts';
import { type EditionAudience, everybody } from '../../src/digest/index.ts';
import { createDeliveryRecords, createRelayTroubleStore } from '../../src/storage/index.ts';
import {
  addReaders,
  collect,
  freezeApproved,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  sumOf,
} from '../support/mailing.ts';
import { plansOf } from '../support/query-plans.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';
const later = (ms: number): Instant => plusMs(now, ms);
const minute = 60_000;

let room: MailRoom;
beforeEach(async () => {
  const folder = await temporaryFolder();
  room = await openMailRoom(folder.path);
  onTestFinished(() => room.close());
  await sql`create table moved (old text, new text)`.execute(room.database);
  await sql`create trigger moves after update of state on delivery when old.state <> new.state begin
    insert into moved values (old.state, new.state); end`.execute(room.database);
});

afterEach(async () => {
  // Whatever a test did, no delivery moved in a way that the table of transitions doesn't name.
  const { rows } = await sql<{ old: DeliveryState; new: DeliveryState }>`select distinct * from moved`.execute(
    room.database,
  );
  for (const move of rows) expect(deliveryTransitions[move.old], `${move.old} to`).toContain(move.new);
  await expectCountsToBeThoseOfRows();
});

async function expectCountsToBeThoseOfRows(): Promise<void> {
  const { rows } = await sql<{ id: string; lane: string; state: DeliveryState; count: number }>`
    select edition_id as id, lane, state, count(*) as count from delivery group by 1, 2, 3`.execute(room.database);
  for (const [id, ofEdition] of Map.groupBy(rows, (row) => row.id)) {
    const counts = await room.editions.getCounts(id);
    const domains = await room.editions.listDomainCounts(id);
    for (const state of Object.keys(deliveryTransitions) as DeliveryState[]) {
      const ofState = ofEdition.filter((row) => row.state === state);
      expect(counts[state], `${id} ${state}`).toBe(ofState.reduce((sum, { count }) => sum + count, 0));
      for (const { domain, ...parts } of domains) {
        expect(parts[state], `${id} ${domain} ${state}`).toBe(ofState.find(({ lane }) => lane === domain)?.count ?? 0);
      }
    }
  }
}

async function deliveriesOf(editionId: string): Promise<Delivery[]> {
  return collect(room.ledger.listDeliveries(editionId));
}

async function expectSum(editionId: string): Promise<void> {
  const counts = await room.editions.getCounts(editionId);
  expect(sumOf(counts)).toBe(counts.candidates);
}

function request(limit = 100, at = now, worker = 'worker'): ClaimRequest {
  return { worker, transport: 'outbox', limit, now: at, leaseUntil: plusMs(at, 15 * minute), editionId: null };
}

function claim(limit = 100, at = now, worker = 'worker'): Promise<ClaimedDelivery[]> {
  return room.ledger.claim(request(limit, at, worker));
}

function entry<Kind extends LedgerEntry['kind']>(
  kind: Kind,
  claimed: ClaimedDelivery,
  fields: object = {},
): LedgerEntry {
  const { deliveryId, token } = claimed;
  const base = { kind, deliveryId, token, reply: 'a reply', phase: null, class: null, messageId: '<id@x>' };
  // Each kind takes what it needs of these.
  return { ...base, notBefore: later(5 * minute), reason: 'rejected', ...fields } as LedgerEntry;
}

async function oneClaimed(): Promise<{ id: string; claimed: ClaimedDelivery; readerId: number }> {
  const [readerId = 0] = await addReaders(room, [{ email: 'one@example.com' }]);
  const { id } = await freezeWeekly(room, { now });
  const [claimed] = await claim();
  if (!claimed) throw new Error('nothing was claimed');
  return { id, claimed, readerId };
}

async function stateOf(editionId: string): Promise<string> {
  const [row] = await deliveriesOf(editionId);
  return `${row?.state}${row?.reason ? ` ${row.reason}` : ''}`;
}

const audienceOf = () =>
  ({ newsletter: 'weekly', rhythms: ['each'], audience: everybody, excludeReserved: false, now, past: [] }) as const;

describe('listAudience', () => {
  it('counts the active readers of each choice', async () => {
    await addReaders(room, [
      { email: 'a@example.com' },
      { email: 'b@example.com' },
      { email: 'c@example.com', countries: ['georgia'] },
      { email: 'd@example.com', state: 'pending' },
      { email: 'e@example.com', subscription: 'left' },
    ]);
    const groups = await room.audience.listAudience(audienceOf());
    expect(groups).toHaveLength(2);
    const rest = { had: [], excluded: null };
    expect(groups).toContainEqual({ choice: { countries: [], languages: ['en'], topics: [] }, ...rest, readers: 2 });
    expect(groups).toContainEqual({
      choice: { countries: ['georgia'], languages: ['en'], topics: [] },
      ...rest,
      readers: 1,
    });
  });

  it('tells apart who gets nothing whatever is in the edition, as a freeze would', async () => {
    await addReaders(room, [
      { email: 'a@dispatch.example.org' },
      { email: 'b@gmail.com' },
      { email: 'c@gmail.com', state: 'suspended' },
      { email: 'd@gmail.com' },
    ]);
    await room.database
      .insertInto('suppression')
      .values({ address_key: 'key of d@gmail.com', reason: 'operator', since: now })
      .execute();
    const seen: number[] = [];
    const groups = await room.audience.listAudience({
      ...audienceOf(),
      excludeReserved: true,
      onProgress: (readers) => seen.push(readers),
    });
    expect(seen).toEqual([4]);
    expect(new Map(groups.map(({ excluded, readers }) => [excluded, readers]))).toEqual(
      new Map([
        ['reserved_domain', 1],
        [null, 1],
        ['suspended', 1],
        ['suppressed', 1],
      ]),
    );
    const { counts } = await freezeWeekly(room, { now, excludeReserved: true });
    expect(counts).toMatchObject({ candidates: 4, queued: 1, excluded: 3 });
  });

  it('narrows it to languages, countries and whom an edition reached, as a freeze does', async () => {
    await addReaders(room, [
      { email: 'a@example.com' },
      { email: 'b@example.com', countries: ['georgia'] },
      { email: 'c@example.com', countries: ['armenia'] },
      { email: 'd@example.com', lang: 'fa', countries: ['armenia', 'georgia'] },
      { email: 'e@example.com', lang: 'fa' },
    ]);
    const first = await freezeWeekly(room, { now });
    const [sent, back, doubtful] = await claim();
    if (!sent || !back || !doubtful) throw new Error('nothing was claimed');
    await room.ledger.commit([entry('begin', sent), entry('begin', back), entry('begin', doubtful)], now);
    await room.ledger.commit([entry('sent', sent), entry('sent', back), entry('in_doubt', doubtful)], now);
    await room.database.updateTable('delivery').set({ outcome: 'bounced' }).where('id', '=', back.deliveryId).execute();
    await room.ledger.cancelEdition(first.id, now);

    const rules: [Partial<EditionAudience>, string[]][] = [
      [{}, ['a', 'b', 'c', 'd', 'e']],
      [{ languages: ['fa'] }, ['d', 'e']],
      [{ countries: ['georgia'] }, ['a', 'b', 'd', 'e']],
      [{ countries: ['georgia', 'armenia'], languages: ['en'] }, ['a', 'b', 'c']],
      [{ gotEdition: first.id }, [sent, doubtful].map(({ address }) => address.charAt(0)).toSorted()],
      [{ gotEdition: 'nope' }, []],
    ];
    for (const [rule, names] of rules) {
      const audience = { ...everybody, ...rule };
      const groups = await room.audience.listAudience({ ...audienceOf(), audience });
      expect(groups.reduce((sum, { readers }) => sum + readers, 0)).toBe(names.length);
      const { id, counts } = await freezeWeekly(room, { now, audience });
      expect(counts.candidates).toBe(names.length);
      expect((await deliveriesOf(id)).map(({ address }) => address?.charAt(0))).toEqual(names);
      await room.ledger.cancelEdition(id, now);
    }
  });
});

describe('what readers have had before', () => {
  it('is looked up by an index, by a count and by a freeze: it may be as many as there are readers', async () => {
    await addReaders(room, [{ email: 'a@example.com' }]);
    const plans = await plansOf(room.database, async () => {
      await room.audience.listAudience(audienceOf());
      await freezeWeekly(room, { now });
    });
    const joins = plans.map((steps) => steps.filter((step) => / had /.test(step))).filter((steps) => steps.length > 0);
    expect(joins).toHaveLength(2);
    for (const steps of joins) expect(steps.join()).toContain('SEARCH had USING AUTOMATIC COVERING INDEX (id=?)');
  });
});

describe('freeze', () => {
  it('counts a reader whose pause is over, and none who is still away or until they come back', async () => {
    const [over = 0, away = 0] = await addReaders(room, [
      { email: 'over@example.com', subscription: 'paused' },
      { email: 'away@example.com', subscription: 'paused' },
      { email: 'until-they-come-back@example.com', subscription: 'paused' },
    ]);
    for (const [id, until] of [
      [over, now],
      [away, plusMs(now, 1)],
    ] as const) {
      await room.database
        .updateTable('subscription')
        .set({ paused_until: until })
        .where('subscriber_id', '=', id)
        .execute();
    }
    const { id } = await freezeWeekly(room, { now });
    expect((await deliveriesOf(id)).map(({ address }) => address)).toEqual(['over@example.com']);
  });

  it('queues every reader with the variant of their choice, and gives equal choices one variant', async () => {
    await addReaders(room, [
      { email: 'all@example.com' },
      { email: 'both@example.com', countries: ['armenia', 'georgia'] },
      { email: 'georgia@example.com', countries: ['georgia'] },
      { email: 'fa@example.com', lang: 'fa' },
    ]);
    const { id, counts } = await freezeWeekly(room, { now });
    expect(counts).toMatchObject({ candidates: 4, queued: 4 });
    expect((await deliveriesOf(id)).map(({ address, variant }) => [address, variant])).toEqual(
      [
        ['all@example.com', 0],
        ['both@example.com', 0],
        ['georgia@example.com', 2],
        ['fa@example.com', 1],
      ].map(([address]) => [address, expect.any(Number)]),
    );
    const variants = await room.editions.listVariants(id);
    const byReader = new Map((await deliveriesOf(id)).map((row) => [row.address, variants[row.variant ?? -1]]));
    expect(variants).toHaveLength(3);
    expect(variants.map(({ lang, stories, readers }) => [lang, stories.length, readers]).toSorted()).toEqual([
      ['en', 1, 1],
      ['en', 2, 2],
      ['fa', 2, 1],
    ]);
    expect(byReader.get('all@example.com')).toBe(byReader.get('both@example.com'));
    expect(byReader.get('georgia@example.com')?.stories.map(({ key }) => key)).toEqual(['georgia']);
    expect(byReader.get('fa@example.com')?.lang).toBe('fa');
    expect(await room.editions.findEdition(id)).toMatchObject({
      state: 'sending',
      transport: 'outbox',
      frozenAt: now,
      cutoff: now,
    });
    expect((await room.editions.listPieces(id)).map(({ lang }) => lang)).toEqual(['en', 'fa']);
  });

  it('excludes readers with the reason, and counts them as candidates', async () => {
    await addReaders(room, [
      { email: 'nothing@relay.am', countries: ['iran'] },
      { email: 'suppressed@relay.am' },
      { email: 'suspended@relay.am', state: 'suspended' },
      { email: 'someone@mail.EXAMPLE.com' },
      { email: 'someone@host.test' },
      { email: 'fine@relay.am' },
      { email: 'fine@myexample.com' },
      { email: 'gone@relay.am', subscription: 'left' },
    ]);
    await room.database
      .insertInto('suppression')
      .values({ address_key: 'key of suppressed@relay.am', reason: 'operator', since: now })
      .execute();
    const { id, counts } = await freezeWeekly(room, { now, excludeReserved: true });
    const reasons = (await deliveriesOf(id)).map(({ address, state, reason }) => [address, reason ?? state]);
    expect(Object.fromEntries(reasons)).toEqual({
      'nothing@relay.am': 'nothing_for_reader',
      'suppressed@relay.am': 'suppressed',
      'suspended@relay.am': 'suspended',
      'someone@mail.EXAMPLE.com': 'reserved_domain',
      'someone@host.test': 'reserved_domain',
      'fine@relay.am': 'queued',
      'fine@myexample.com': 'queued',
    });
    expect(counts).toMatchObject({ candidates: 7, excluded: 5, queued: 2 });
  });

  it('freezes 20,000 readers in chunks, with the sum exact after each', async () => {
    await addReaders(room, manyReaders(20_000));
    const told: number[] = [];
    const sums: Promise<void>[] = [];
    const edition = await approved();
    const counts = await freezeApproved(room, edition, {
      now,
      onProgress(frozen) {
        told.push(frozen);
        sums.push(expectSum(edition));
      },
    });
    await Promise.all(sums);
    expect(told).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * 2000));
    expect(counts).toMatchObject({ candidates: 20_000, queued: 20_000 });
  });

  it('is not seen by a claim before its last transaction', async () => {
    await addReaders(room, manyReaders(2001));
    const claims: Promise<ClaimedDelivery[]>[] = [];
    await freezeWeekly(room, { now, onProgress: () => claims.push(room.ledger.claim(request())) });
    expect((await Promise.all(claims)).flat()).toEqual([]);
    expect(await claim()).toHaveLength(100);
  });

  it('records a reader who came back under the same address while it went on', async () => {
    const [first = 0] = await addReaders(room, manyReaders(2001));
    let changed = Promise.resolve();
    const { id, counts } = await freezeWeekly(room, {
      now,
      onProgress(frozen) {
        if (frozen !== 2000) return;
        changed = (async () => {
          await room.database.deleteFrom('subscriber').where('id', '=', first).execute();
          await addReaders(room, [{ email: 'reader0@example.com' }]);
        })();
      },
    });
    await changed;
    const rows = (await deliveriesOf(id)).filter(({ address }) => address === 'reader0@example.com');
    expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
      ['queued', null],
      ['excluded', 'already_received'],
    ]);
    expect(sumOf(counts)).toBe(2002);
  });

  it('removes what a crash left half frozen, and starts again', async () => {
    await addReaders(room, manyReaders(3000));
    const edition = await approved();
    await expect(
      freezeApproved(room, edition, {
        now,
        onProgress() {
          throw new Error('the power went');
        },
      }),
    ).rejects.toThrow('the power went');
    expect(await room.editions.getCounts(edition)).toMatchObject({ candidates: 2000, queued: 2000 });
    const counts = await freezeApproved(room, edition, { now });
    expect(counts).toMatchObject({ candidates: 3000, queued: 3000 });
  });

  it('waits for the hold of a process that died, no longer than it lasts', async () => {
    await addReaders(room, manyReaders(3));
    const edition = await approved();
    const until = plusMs(systemClock.now(), 300);
    await room.database
      .updateTable('edition')
      .set({ freezer: 'dead', freezer_until: until })
      .where('id', '=', edition)
      .execute();
    expect(await freezeApproved(room, edition, { now })).toMatchObject({ queued: 3 });
    expect(systemClock.now() >= until).toBe(true);
  });

  it('does not wait for a hold that was written before the clock was set back', async () => {
    await addReaders(room, manyReaders(3));
    const edition = await approved();
    const far = { freezer: 'dead', freezer_until: plusMs(systemClock.now(), 60 * minute) };
    await room.database.updateTable('edition').set(far).where('id', '=', edition).execute();
    expect(await freezeApproved(room, edition, { now })).toMatchObject({ queued: 3 });
  });

  it('lets one of two at once do it; the other finds it done', async () => {
    await addReaders(room, manyReaders(5000));
    const edition = await approved();
    const results = await Promise.allSettled([
      freezeApproved(room, edition, { now }),
      freezeApproved(room, edition, { now }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
    expect(await room.editions.getCounts(edition)).toMatchObject({ candidates: 5000, queued: 5000 });
  });

  it('stops where the edition is cancelled meanwhile, with everybody accounted for', async () => {
    await addReaders(room, manyReaders(4500));
    const edition = await approved();
    let cancelled: Promise<unknown> = Promise.resolve();
    await expect(
      freezeApproved(room, edition, {
        now,
        onProgress(frozen) {
          if (frozen === 2000) cancelled = room.ledger.cancelEdition(edition, now);
        },
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    await cancelled;
    const counts = await room.editions.getCounts(edition);
    expect(counts.cancelled).toBe(counts.candidates);
    await expectSum(edition);
  });

  async function approved(): Promise<string> {
    const edition = await room.editions.createEdition({
      newsletter: 'weekly',
      dueAt: now,
      trigger: 'manual',
      selection: { since: null, slugs: null },
      state: 'approved',
      reason: null,
      now,
      key: 'once',
    });
    return edition?.id ?? '';
  }
});

describe('claim', () => {
  it('leases what is due with all that a message needs, and never the same twice', async () => {
    await addReaders(room, [{ email: 'a@example.com', name: 'Ana' }, { email: 'b@example.com' }]);
    const { id } = await freezeWeekly(room, { now });
    const [first] = await claim(1);
    const [second] = await claim(5);
    expect(first).toMatchObject({ address: 'a@example.com', name: 'Ana', lang: 'en', variant: 0, attempts: 0 });
    expect(first?.edition.id).toBe(id);
    expect(second?.address).toBe('b@example.com');
    expect(await claim(5)).toEqual([]);
  });

  it("leaves another transport's deliveries, and those of an edition that is paused or expired", async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room, { now, transport: 'smtp://relay.example:587' });
    expect(await claim()).toEqual([]);
    await room.database.updateTable('edition').set({ transport: 'outbox' }).execute();
    await room.editions.moveEdition(id, 'paused', { now });
    expect(await claim()).toEqual([]);
    await room.editions.moveEdition(id, 'sending', { now });
    expect(await claim(100, later(49 * 60 * minute))).toEqual([]);
    expect(await claim()).toHaveLength(3);
  });

  it('takes what was deferred at its time', async () => {
    const { claimed } = await oneClaimed();
    await room.ledger.commit([entry('deferred', claimed)], now);
    expect(await claim(1, later(5 * minute - 1))).toEqual([]);
    expect(await claim(1, later(5 * minute))).toMatchObject([{ attempts: 1 }]);
  });

  it('passes by the domains that get nothing for now, whatever stands before the others', async () => {
    const crowd = Array.from({ length: 2100 }, (_, index) => ({ email: `reader${index}@Big.example` }));
    await addReaders(room, [
      ...crowd,
      { email: 'a@small.example' },
      ...crowd.map(({ email }) => ({ email: `x${email}` })),
    ]);
    await addReaders(room, [{ email: 'b@small.example' }, { email: 'c@other.example' }]);
    const { id } = await freezeWeekly(room, { now });
    const row = await room.database.selectFrom('edition').select('lanes').where('id', '=', id).executeTakeFirst();
    expect(row?.lanes).toBe('["","big.example"]');
    const around = await room.ledger.claim({ ...request(), withoutDomains: ['big.example', 'other.example'] });
    expect(around.map(({ address }) => address)).toEqual(['a@small.example', 'b@small.example']);
    let rest = 0;
    for (let claimed = await claim(1000); claimed.length > 0; claimed = await claim(1000)) rest += claimed.length;
    expect(rest).toBe(4201);
    await expectSum(id);
  });

  it('keeps no edition waiting for a larger one', async () => {
    await addReaders(room, manyReaders(300));
    const first = await freezeWeekly(room, { now });
    await sql`update edition set newsletter = 'daily' where id = ${first.id}`.execute(room.database);
    const second = await freezeWeekly(room, { now: later(minute) });
    const seen = new Set<string>();
    for (let index = 0; index < 300 && seen.size < 2; index += 1) {
      for (const { edition } of await claim(1, later(minute))) seen.add(edition.id);
    }
    expect(seen).toEqual(new Set([first.id, second.id]));
  });

  it('cancels the delivery of a reader who was erased', async () => {
    const [readerId = 0] = await addReaders(room, [{ email: 'one@example.com' }]);
    const { id } = await freezeWeekly(room, { now });
    await room.database.deleteFrom('subscriber').where('id', '=', readerId).execute();
    expect(await claim()).toEqual([]);
    expect(await stateOf(id)).toBe('cancelled erased');
  });
});

describe('commit', () => {
  it('begins, settles, and keeps reply, Message-ID and the number of tries', async () => {
    const { id, claimed } = await oneClaimed();
    expect(await room.ledger.commit([entry('begin', claimed)], now)).toEqual([true]);
    expect(await stateOf(id)).toBe('attempting');
    expect(await room.ledger.commit([entry('sent', claimed)], now)).toEqual([true]);
    expect(await deliveriesOf(id)).toMatchObject([
      { state: 'sent', reply: 'a reply', messageId: '<id@x>', attempts: 1, reason: null },
    ]);
    expect(await room.ledger.commit([entry('failed', claimed)], now)).toEqual([false]);
    expect(await stateOf(id)).toBe('sent');
    await expectSum(id);
  });

  it('takes an answer to RCPT, which comes before any begin', async () => {
    const { id, claimed } = await oneClaimed();
    expect(await room.ledger.commit([entry('failed', claimed)], now)).toEqual([true]);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'failed', reason: 'rejected', attempts: 1 }]);
  });

  it('does not call sent what never began', async () => {
    const { id, claimed } = await oneClaimed();
    expect(await room.ledger.commit([entry('sent', claimed), entry('in_doubt', claimed)], now)).toEqual([false, false]);
    expect(await stateOf(id)).toBe('claimed');
  });

  it.each([
    ['the reader left', sql`update subscription set state = 'left'`, 'cancelled reader_left'],
    ['the reader paused', sql`update subscription set state = 'paused'`, 'cancelled reader_paused'],
    ['the reader was suspended', sql`update subscriber set state = 'suspended'`, 'cancelled suspended'],
    ['the reader was erased', sql`delete from subscriber`, 'cancelled erased'],
    [
      'the address was suppressed',
      sql`insert into suppression values ('key of one@example.com', 'operator', '2026')`,
      'cancelled suppressed',
    ],
    ['the edition was cancelled', sql`update edition set state = 'cancelled'`, 'cancelled edition_cancelled'],
    ['the edition was paused', sql`update edition set state = 'paused'`, 'queued'],
  ])('refuses to begin where %s', async (_, change, state) => {
    const { id, claimed } = await oneClaimed();
    await change.execute(room.database);
    expect(await room.ledger.commit([entry('begin', claimed)], now)).toEqual([false]);
    expect(await stateOf(id)).toBe(state);
    await expectSum(id);
  });

  it('refuses to begin after the lease, and gives the delivery back', async () => {
    const { id, claimed } = await oneClaimed();
    expect(await room.ledger.commit([entry('begin', claimed)], later(15 * minute))).toEqual([false]);
    expect(await stateOf(id)).toBe('queued');
  });

  it('leaves a delivery alone whose token is another one now', async () => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.recover(later(16 * minute), []);
    const [taken] = await claim(1, later(16 * minute), 'another');
    expect(await room.ledger.commit([entry('begin', claimed)], now)).toEqual([false]);
    for (const kind of ['sent', 'failed', 'deferred', 'returned', 'in_doubt'] as const) {
      expect(await room.ledger.commit([entry(kind, claimed)], now)).toEqual([false]);
    }
    expect(await stateOf(id)).toBe('claimed');
    if (!taken) throw new Error('it was not claimed again');
    expect(await room.ledger.commit([entry('begin', taken)], later(16 * minute))).toEqual([true]);
  });

  it.each(['sent', 'failed', 'deferred', 'returned'] as const)(
    'takes %s as late evidence of what is in doubt',
    async (kind) => {
      const { id, claimed } = await oneClaimed();
      await room.ledger.commit([entry('begin', claimed)], now);
      await room.ledger.commit([entry('in_doubt', claimed)], now);
      expect(await stateOf(id)).toBe('in_doubt no_answer');
      expect(await room.ledger.commit([entry(kind, claimed)], now)).toEqual([true]);
      expect(await stateOf(id)).toBe(
        { sent: 'sent', failed: 'failed rejected', deferred: 'deferred', returned: 'queued' }[kind],
      );
      await expectSum(id);
    },
  );

  it('writes begins and results of many in one transaction, or none', async () => {
    await addReaders(room, manyReaders(20));
    const { id } = await freezeWeekly(room, { now });
    const claimed = await claim();
    await room.ledger.commit(
      claimed.slice(0, 10).map((one) => entry('begin', one)),
      now,
    );
    const took = await room.ledger.commit(
      [
        ...claimed.slice(0, 10).map((one) => entry('sent', one)),
        ...claimed.slice(10).map((one) => entry('begin', one)),
      ],
      now,
    );
    expect(took).toEqual(Array.from({ length: 20 }, () => true));
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 10, attempting: 10 });
    await sql`create trigger no_more before update on delivery when new.state = 'sent' and old.id = ${sql.lit(claimed[15]?.deliveryId ?? 0)}
      begin select raise(abort, 'no'); end`.execute(room.database);
    await expect(
      room.ledger.commit(
        claimed.slice(10).map((one) => entry('sent', one)),
        now,
      ),
    ).rejects.toThrow('no');
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 10, attempting: 10 });
  });
});

describe('recover', () => {
  it('queues the claims of a dead worker, and names its attempts until they are resolved', async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room, { now });
    const claimed = await claim();
    await room.ledger.commit(
      claimed.slice(0, 1).map((one) => entry('begin', one)),
      now,
    );
    const lost = await room.ledger.recover(now, ['worker']);
    expect(lost).toMatchObject([
      { deliveryId: claimed[0]?.deliveryId, transport: 'outbox', address: 'reader0@example.com' },
    ]);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 2, attempting: 1 });
    expect(await room.ledger.recover(now, ['worker'])).toHaveLength(1);
    for (const attempt of lost) await room.ledger.resolve(attempt, 'in_doubt', 'nobody knows', now);
    expect(await deliveriesOf(id)).toMatchObject([
      { state: 'in_doubt', reason: 'worker_gone', reply: 'nobody knows' },
      { state: 'queued' },
      { state: 'queued' },
    ]);
    await expectSum(id);
  });

  it('leaves what a living worker holds until its lease is over', async () => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('begin', claimed)], now);
    expect(await room.ledger.recover(later(15 * minute - 1), ['another'])).toEqual([]);
    await room.ledger.renewLeases('worker', later(30 * minute));
    expect(await room.ledger.recover(later(29 * minute), [])).toEqual([]);
    expect(await room.ledger.recover(later(30 * minute), [])).toHaveLength(1);
    expect(await stateOf(id)).toBe('attempting');
  });

  it.each(['sent', 'queued'] as const)('resolves to %s by evidence, once', async (truth) => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('begin', claimed)], now);
    const [lost] = await room.ledger.recover(now, ['worker']);
    if (!lost) throw new Error('nothing was lost');
    await room.ledger.resolve(lost, truth, 'seen', now);
    await room.ledger.resolve(lost, 'in_doubt', 'too late', now);
    expect(await stateOf(id)).toBe(truth);
  });
});

describe('finishEditions', () => {
  it('calls an edition sent when nothing of it is left to do, whatever failed or is in doubt', async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room, { now });
    const claimed = await claim();
    await room.ledger.commit(
      claimed.map((one) => entry('begin', one)),
      now,
    );
    const [a, b, c] = claimed;
    if (!a || !b || !c) throw new Error('too few');
    await room.ledger.commit([entry('sent', a), entry('failed', b)], now);
    expect(await room.ledger.finishEditions('outbox', now)).toEqual([]);
    await room.ledger.commit([entry('in_doubt', c)], now);
    expect(await room.ledger.finishEditions('smtp://other:587', now)).toEqual([]);
    expect(await room.ledger.finishEditions('outbox', now)).toMatchObject([{ id, state: 'sent', finishedAt: now }]);
  });

  it('gives up at the expiry what is queued or deferred', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room, { now, expiresMs: 10 * minute });
    const [claimed] = await claim(1);
    if (!claimed) throw new Error('nothing was claimed');
    await room.ledger.commit([entry('deferred', claimed)], now);
    expect(await room.ledger.finishEditions('outbox', later(10 * minute - 1))).toEqual([]);
    expect(await room.ledger.finishEditions('outbox', later(10 * minute))).toMatchObject([{ state: 'sent' }]);
    expect((await deliveriesOf(id)).map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'expired'],
      ['failed', 'expired'],
    ]);
    await expectSum(id);
  });

  it('holds at the expiry what waits for a relay that can’t be used, with the time that was left', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room, { now, expiresMs: 60 * minute });
    const troubles = createRelayTroubleStore(room.database);
    await troubles.note('outbox', 'The relay is down', later(40 * minute));
    expect(await room.ledger.finishEditions('outbox', later(60 * minute))).toMatchObject([
      { id, state: 'held', reason: 'transport' },
    ]);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 2, failed: 0 });
    await room.ledger.resumeEdition(id, later(90 * minute));
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending', expiresAt: later(110 * minute) });
    await troubles.clear('outbox');
    expect(await room.ledger.finishEditions('outbox', later(110 * minute))).toMatchObject([{ id, state: 'sent' }]);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 0, failed: 2 });
    await expectSum(id);
  });

  it('heeds no trouble from before the edition, or of another relay', async () => {
    await addReaders(room, manyReaders(1));
    const troubles = createRelayTroubleStore(room.database);
    await troubles.note('outbox', 'The relay was down', later(-minute));
    await troubles.note('smtp://other:25', 'The relay is down', later(minute));
    await freezeWeekly(room, { now, expiresMs: 10 * minute });
    expect(await room.ledger.finishEditions('outbox', later(10 * minute))).toMatchObject([{ state: 'sent' }]);
  });
});

describe('finishEditions, of what is half frozen', () => {
  it('cancels what is queued of an edition that was left out', async () => {
    await addReaders(room, manyReaders(1));
    const { id } = await freezeWeekly(room, { now });
    // As a process leaves it that ends before the freeze's last transaction.
    await sql`update edition set state = 'held', reason = 'missed', frozen_at = null where id = ${id}`.execute(
      room.database,
    );
    await room.editions.skipEdition(id, { reason: 'operator', cutoff: null, now });
    await room.ledger.finishEditions('outbox', now);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 0, cancelled: 1 });
    await expectSum(id);
  });
});

describe('listDomainCounts', () => {
  it('tells large domains apart: in the next edition from their first reader on', async () => {
    await addReaders(room, [
      ...manyReaders(1100).map(({ email }) => ({ email: email.replace('example.com', 'Large.example.com') })),
      ...manyReaders(2500),
      { email: 'lone@example.org' },
    ]);
    const first = await freezeWeekly(room, { now });
    const found = await room.editions.listDomainCounts(first.id);
    expect(found.reduce((sum, { candidates }) => sum + candidates, 0)).toBe(3601);
    await room.ledger.cancelEdition(first.id, now);

    const { id } = await freezeWeekly(room, { now });
    const domains = await room.editions.listDomainCounts(id);
    expect(domains.map(({ domain, candidates, queued }) => [domain, candidates, queued])).toEqual([
      ['example.com', 2500, 2500],
      ['large.example.com', 1100, 1100],
      ['', 1, 1],
    ]);
    const [claimed] = await claim(1);
    if (!claimed) throw new Error('nothing was claimed');
    const counts = await room.editions.getCounts(id);
    expect(counts).toMatchObject({ candidates: 3601, queued: 3600, claimed: 1 });
    expect(sumOf(counts)).toBe(counts.candidates);
  });
});

describe('cancelEdition', () => {
  it('takes back only what has not begun, where that is asked for', async () => {
    await addReaders(room, [{ email: 'one@example.com' }]);
    const { id } = await freezeWeekly(room, { now });
    await expect(room.ledger.cancelEdition(id, now, ['approved'])).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending' });
  });

  it('cancels what waits, leaves what is sent, and refuses one that is over', async () => {
    await addReaders(room, manyReaders(5));
    const { id } = await freezeWeekly(room, { now });
    const [sent, attempting, deferred] = await claim(4);
    if (!sent || !attempting || !deferred) throw new Error('too few');
    await room.ledger.commit([entry('begin', sent), entry('begin', attempting)], now);
    await room.ledger.commit([entry('sent', sent), entry('deferred', deferred)], now);
    const counts = await room.ledger.cancelEdition(id, now);
    expect(counts).toMatchObject({ candidates: 5, sent: 1, attempting: 1, cancelled: 3 });
    // What was under way comes back to a cancelled edition: it is swept.
    await room.ledger.commit([entry('deferred', attempting)], now);
    await room.ledger.finishEditions('outbox', now);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, cancelled: 4 });
    await expect(room.ledger.cancelEdition(id, now)).rejects.toMatchObject({ code: 'conflict' });
    await expect(room.ledger.cancelEdition('nope', now)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('pauseEdition', () => {
  it('gives back what was claimed, begins nothing more, and lets an open answer in', async () => {
    await addReaders(room, manyReaders(5));
    const { id } = await freezeWeekly(room, { now });
    const [open, claimed] = await claim(3);
    if (!open || !claimed) throw new Error('too few');
    await room.ledger.commit([entry('begin', open)], now);
    expect(await room.ledger.pauseEdition(id, 'operator', now)).toMatchObject({ attempting: 1, claimed: 0, queued: 4 });
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'paused', reason: 'operator' });
    expect(await room.ledger.listSending('outbox')).toEqual(new Set());
    expect(await room.ledger.commit([entry('begin', claimed), entry('sent', open)], now)).toEqual([false, true]);
    expect(await claim()).toEqual([]);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 1, queued: 4 });
    await expectSum(id);
  });

  it('refuses one that is not being sent', async () => {
    await addReaders(room, manyReaders(1));
    const { id } = await freezeWeekly(room, { now });
    await room.ledger.cancelEdition(id, now);
    await expect(room.ledger.pauseEdition(id, 'operator', now)).rejects.toMatchObject({ code: 'conflict' });
    await expect(room.ledger.pauseEdition('nope', 'operator', now)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('resumeEdition', () => {
  it('goes on, and the pause is not taken from its time', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room, { now, expiresMs: 60 * minute });
    await room.ledger.pauseEdition(id, 'operator', later(10 * minute));
    expect(await room.ledger.finishEditions('outbox', later(120 * minute))).toEqual([]);
    await room.ledger.resumeEdition(id, later(120 * minute));
    expect(await room.editions.findEdition(id)).toMatchObject({
      state: 'sending',
      reason: null,
      expiresAt: later(170 * minute),
    });
    expect(await room.ledger.listSending('outbox')).toEqual(new Set([id]));
    expect(await claim(100, later(120 * minute))).toHaveLength(2);
    await expect(room.ledger.resumeEdition(id, now)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('addSenderFaults', () => {
  it('pauses an edition when more than one in a hundred answers finds fault with the sender', async () => {
    await addReaders(room, manyReaders(700));
    const { id } = await freezeWeekly(room, { now });
    const claimed = await claim(600);
    await room.ledger.commit(
      claimed.map((one) => entry('begin', one)),
      now,
    );
    await room.ledger.commit(
      claimed.map((one) => entry('sent', one)),
      now,
    );
    expect(await room.ledger.addSenderFaults(id, 6, now)).toBeNull();
    expect(await room.ledger.addSenderFaults(id, 1, now)).toMatchObject({
      id,
      state: 'paused',
      reason: 'sender_faults',
    });
    expect(await room.ledger.addSenderFaults(id, 1, now)).toBeNull();
    await room.ledger.resumeEdition(id, now);
    // Counted anew: what was answered before says nothing of what was mended since.
    expect(await room.ledger.addSenderFaults(id, 4, now)).toBeNull();
    expect(await room.ledger.addSenderFaults(id, 1, now)).toMatchObject({ state: 'paused' });
  });

  it('does not stop a small edition for a few', async () => {
    await addReaders(room, manyReaders(30));
    const { id } = await freezeWeekly(room, { now });
    expect(await room.ledger.addSenderFaults(id, 4, now)).toBeNull();
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending' });
  });
});

describe('retryMissing', () => {
  it('queues exactly those who did not get it and still want it, and opens the edition again', async () => {
    await addReaders(
      room,
      ['sent', 'failed', 'doubt', 'left', 'suppressed', 'came-back', 'expired'].map((name) => ({
        email: `${name}@a.example`,
      })),
    );
    const { id } = await freezeWeekly(room, { now, expiresMs: 10 * minute });
    const claimed = await claim(6);
    const [sent, failed, doubt, left, suppressed, cameBack] = claimed;
    if (!sent || !failed || !doubt || !left || !suppressed || !cameBack) throw new Error('too few');
    await room.ledger.commit([entry('begin', sent), entry('begin', doubt)], now);
    await room.ledger.commit([entry('sent', sent), entry('in_doubt', doubt), entry('failed', failed)], now);
    await room.ledger.commit([entry('failed', left), entry('failed', suppressed)], now);
    await sql`update subscription set state = 'left' where subscriber_id in (${left.subscriberId}, ${cameBack.subscriberId})`.execute(
      room.database,
    );
    await sql`insert into suppression values ('key of suppressed@a.example', 'complaint', '2026')`.execute(
      room.database,
    );
    expect(await room.ledger.commit([entry('begin', cameBack)], now)).toEqual([false]);
    await sql`update subscription set state = 'active' where subscriber_id = ${cameBack.subscriberId}`.execute(
      room.database,
    );
    await room.ledger.finishEditions('outbox', later(10 * minute));
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sent' });

    expect(await room.ledger.countMissing(id)).toBe(3);
    expect(await room.ledger.retryMissing(id, later(90 * minute), later(30 * minute))).toBe(3);
    expect(await room.editions.findEdition(id)).toMatchObject({
      state: 'sending',
      reason: null,
      finishedAt: null,
      expiresAt: later(90 * minute),
    });
    await expectSum(id);
    const again = await claim(100, later(30 * minute));
    expect(again.map(({ address, attempts }) => [address, attempts])).toEqual([
      ['failed@a.example', 0],
      ['came-back@a.example', 0],
      ['expired@a.example', 0],
    ]);
    expect((await deliveriesOf(id)).find(({ address }) => address === 'doubt@a.example')?.state).toBe('in_doubt');
  });

  it('sends nothing to an address that its reader has given up since', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room, { now });
    const [moved, other] = await claim();
    if (!moved || !other) throw new Error('too few');
    await room.ledger.commit([entry('failed', moved), entry('failed', other)], now);
    await sql`update subscriber set email = 'new@b.example', address_key = 'key of new@b.example' where id = ${moved.subscriberId}`.execute(
      room.database,
    );
    expect(await room.ledger.countMissing(id)).toBe(1);
    expect(await room.ledger.retryMissing(id, later(60 * minute), now)).toBe(1);
    expect((await claim()).map(({ address }) => address)).toEqual([other.address]);
  });

  it('leaves an edition paused that was, as long as it was to be sent from then on', async () => {
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room, { now });
    const [failed] = await claim(1);
    if (!failed) throw new Error('too few');
    await room.ledger.commit([entry('failed', failed)], now);
    await room.ledger.addSenderFaults(id, 9, now);
    expect(await room.ledger.retryMissing(id, later(90 * minute), later(30 * minute))).toBe(1);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'paused', reason: 'sender_faults' });
    expect(await claim(100, later(30 * minute))).toEqual([]);
    await expectSum(id);
    await room.ledger.resumeEdition(id, later(40 * minute));
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending', expiresAt: later(100 * minute) });
    expect(await claim(100, later(40 * minute))).toHaveLength(2);
  });

  it('sends the rest of a cancelled edition, but none that never went out or while another is open', async () => {
    await addReaders(room, manyReaders(3));
    const { id } = await freezeWeekly(room, { now });
    await room.ledger.cancelEdition(id, now);
    const other = await freezeWeekly(room, { now: later(minute) });
    await expect(room.ledger.retryMissing(id, later(minute), now)).rejects.toMatchObject({ code: 'conflict' });
    await room.ledger.cancelEdition(other.id, now);
    expect(await room.ledger.retryMissing(id, later(60 * minute), now)).toBe(3);
    expect(await claim()).toHaveLength(3);
    const held = await room.editions.createEdition({
      newsletter: 'daily',
      dueAt: now,
      trigger: 'manual',
      selection: { since: null, slugs: null },
      state: 'approved',
      reason: null,
      now,
      key: 'once',
    });
    await expect(room.ledger.retryMissing(held?.id ?? '', later(minute), now)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('heedWithdrawn', () => {
  it('gives up what has not begun of the variants that hold the article, in its language only', async () => {
    await addReaders(room, [
      { email: 'begun@a.example', countries: ['armenia'] },
      { email: 'claimed@a.example', countries: ['armenia'] },
      { email: 'waits@a.example', countries: ['armenia'] },
      { email: 'both@a.example' },
      { email: 'other-language@a.example', countries: ['armenia'], lang: 'fa' },
      { email: 'other-story@a.example', countries: ['georgia'] },
    ]);
    const { id } = await freezeWeekly(room, { now });
    const [begun, claimed] = (await claim(6)).sort((a, b) => a.deliveryId - b.deliveryId);
    if (!begun || !claimed) throw new Error('too few');
    expect(await room.ledger.commit([entry('begin', begun)], now)).toEqual([true]);
    await sql`update delivery set state = 'queued', lease_token = null where state = 'claimed' and id <> ${claimed.deliveryId}`.execute(
      room.database,
    );
    const gone = new Map([['armenia', 'en']]);
    expect(await room.ledger.hasWithdrawn(id)).toBe(false);
    expect(await room.ledger.heedWithdrawn(gone, now)).toEqual([{ editionId: id, readers: 3 }]);
    expect(await room.ledger.heedWithdrawn(gone, now)).toEqual([]);
    expect(await room.ledger.hasWithdrawn(id)).toBe(true);
    expect(await room.ledger.commit([entry('begin', claimed), entry('sent', begun)], now)).toEqual([false, true]);
    const states = (await deliveriesOf(id)).map(({ address, state, reason }) => [
      address?.split('@')[0],
      state,
      reason,
    ]);
    expect(states).toEqual([
      ['begun', 'sent', null],
      ['claimed', 'cancelled', 'article_withdrawn'],
      ['waits', 'cancelled', 'article_withdrawn'],
      ['both', 'cancelled', 'article_withdrawn'],
      ['other-language', 'queued', null],
      ['other-story', 'queued', null],
    ]);
    await expectSum(id);
  });

  it('lets none begin that comes back to the queue, and a retry reach them only once the article is back', async () => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('begin', claimed)], now);
    expect(await room.ledger.heedWithdrawn(new Map([['georgia', 'en']]), now)).toEqual([]);
    await room.ledger.commit([entry('returned', claimed)], now);
    const [again] = await claim();
    if (!again) throw new Error('nothing was claimed');
    expect(await room.ledger.commit([entry('begin', again)], now)).toEqual([false]);
    expect(await stateOf(id)).toBe('cancelled article_withdrawn');
    await room.ledger.finishEditions('outbox', now);
    expect(await room.ledger.countMissing(id)).toBe(0);
    expect(await room.ledger.heedWithdrawn(new Map(), now)).toEqual([]);
    expect(await room.ledger.hasWithdrawn(id)).toBe(false);
    expect(await room.ledger.retryMissing(id, later(minute), now)).toBe(1);
    expect(await claim()).toHaveLength(1);
  });

  it('looks at an edition that is over only where that is asked for', async () => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('failed', claimed)], now);
    await room.ledger.finishEditions('outbox', now);
    const gone = new Map([['georgia', 'en']]);
    await room.ledger.heedWithdrawn(gone, now);
    expect(await room.ledger.countMissing(id)).toBe(1);
    expect(await room.ledger.heedWithdrawn(gone, now, id)).toEqual([]);
    expect(await room.ledger.countMissing(id)).toBe(0);
  });
});

describe('retryMissing, while others decide', () => {
  it('leaves an edition cancelled that is cancelled meanwhile, and says so', async () => {
    await addReaders(room, manyReaders(4500));
    const { id } = await freezeWeekly(room, { now });
    await room.ledger.cancelEdition(id, now);
    const refused = expect(room.ledger.retryMissing(id, later(60 * minute), now)).rejects.toMatchObject({
      code: 'conflict',
    });
    while ((await room.editions.findEdition(id))?.state !== 'paused');
    await room.ledger.cancelEdition(id, now);
    await refused;
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'cancelled' });
  });

  it('keeps an edition open that has nothing else left to send', async () => {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('failed', claimed)], now);
    const retrying = room.ledger.retryMissing(id, later(60 * minute), now);
    expect(await room.ledger.finishEditions('outbox', now)).toEqual([]);
    expect(await retrying).toBe(1);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending' });
  });
});

describe('settleDoubt', () => {
  async function oneInDoubt() {
    const { id, claimed } = await oneClaimed();
    await room.ledger.commit([entry('begin', claimed)], now);
    await room.ledger.commit([entry('in_doubt', claimed, { phase: 'final_dot' })], now);
    expect(await deliveriesOf(id)).toMatchObject([{ state: 'in_doubt', phase: 'final_dot', attemptedAt: now }]);
    const settled = {
      editionId: id,
      deliveryId: claimed.deliveryId,
      reply: 'seen',
      expiresAt: later(60 * minute),
      now,
    };
    return { id, claimed, settled };
  }

  it.each(['sent', 'failed'] as const)('settles it as %s once, and later evidence changes nothing', async (truth) => {
    const { id, claimed, settled } = await oneInDoubt();
    expect(await room.ledger.settleDoubt({ ...settled, truth })).toBe(true);
    expect(await room.ledger.settleDoubt({ ...settled, truth: 'queued' })).toBe(false);
    expect(await room.ledger.commit([entry('deferred', claimed)], now)).toEqual([false]);
    expect(await deliveriesOf(id)).toMatchObject([{ state: truth, reply: 'seen' }]);
    await expectSum(id);
  });

  it('opens a finished edition again to send it once more', async () => {
    const { id, settled } = await oneInDoubt();
    await room.ledger.finishEditions('outbox', now);
    expect(await room.ledger.settleDoubt({ ...settled, truth: 'queued' })).toBe(true);
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending', expiresAt: later(60 * minute) });
    expect(await claim()).toHaveLength(1);
  });

  it('sends again to the address that the reader has now, and to none twice', async () => {
    const { id, settled, claimed } = await oneInDoubt();
    await room.ledger.finishEditions('outbox', now);
    const move = (email: string) =>
      sql`update subscriber set email = ${email}, address_key = ${`key of ${email}`} where id = ${claimed.subscriberId}`.execute(
        room.database,
      );
    await move('new@b.example');
    await sql`insert into delivery (edition_id, address, address_key, lang, state, updated_at)
      values (${id}, 'new@b.example', 'key of new@b.example', 'en', 'sent', ${now})`.execute(room.database);
    await expect(room.ledger.settleDoubt({ ...settled, truth: 'queued' })).rejects.toThrow('count 1 as sent');
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['in_doubt', 'sent']);

    await move('newer@b.example');
    expect(await createDeliveryRecords(room.database).listMoved(id)).toEqual(
      new Map([[claimed.deliveryId, 'newer@b.example']]),
    );
    expect(await room.ledger.settleDoubt({ ...settled, truth: 'queued' })).toBe(true);
    expect((await claim()).map(({ address }) => address)).toEqual(['newer@b.example']);
  });

  it('sends nothing again of a cancelled edition', async () => {
    const { id, settled } = await oneInDoubt();
    await room.ledger.cancelEdition(id, now);
    await expect(room.ledger.settleDoubt({ ...settled, truth: 'queued' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await stateOf(id)).toBe('in_doubt no_answer');
  });
});

describe('any walk through the ledger', () => {
  it('keeps the sum exact, moves as the table says, and begins no delivery twice at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 30, maxLength: 120 }), async (steps) => {
        const folder = await temporaryFolder();
        const walk = await openMailRoom(folder.path);
        try {
          await addReaders(walk, manyReaders(12));
          const { id } = await freezeWeekly(walk, { now, expiresMs: 600 * minute });
          const held: ClaimedDelivery[] = [];
          const begun = new Map<number, string>();
          let at = now;
          for (const step of steps) {
            const one = held[step % Math.max(1, held.length)];
            const kinds = ['begin', 'sent', 'deferred', 'failed', 'returned', 'in_doubt'] as const;
            const choice = step % 16;
            if (choice < 3) {
              const claimed = await walk.ledger.claim({ ...request(3, at), transport: 'outbox' });
              held.push(...claimed);
            } else if (choice < 11 && one) {
              const kind = kinds[step % kinds.length] ?? 'begin';
              const [took] = await walk.ledger.commit([entry(kind, one, { notBefore: plusMs(at, 5 * minute) })], at);
              if (took && kind === 'begin') {
                expect(begun.has(one.deliveryId)).toBe(false);
                begun.set(one.deliveryId, one.token);
              } else if (took && kind !== 'in_doubt') begun.delete(one.deliveryId);
            } else if (choice === 11) at = plusMs(at, 20 * minute);
            else if (choice === 12) {
              for (const lost of await walk.ledger.recover(at, step % 2 === 0 ? ['worker'] : [])) {
                await walk.ledger.resolve(lost, 'in_doubt', 'gone', at);
              }
            } else if (choice === 13) await walk.ledger.pauseEdition(id, 'operator', at).catch(expected);
            else if (choice === 14) await walk.ledger.resumeEdition(id, at).catch(expected);
            else if (step % 3 === 0) {
              await walk.ledger.retryMissing(id, plusMs(at, 600 * minute), at).catch(expected);
            } else await walk.ledger.finishEditions('outbox', at);
            const counts = await walk.editions.getCounts(id);
            expect(sumOf(counts)).toBe(counts.candidates);
            expect(counts.candidates).toBe(12);
            const real = await sql<{ state: keyof typeof counts; count: number }>`
              select state, count(*) as count from delivery group by state`.execute(walk.database);
            for (const { state, count } of real.rows) expect(counts[state]).toBe(count);
          }
        } finally {
          await walk.close();
        }
      }),
      { numRuns: 15 },
    );
  });

  function expected(error: unknown): void {
    expect(error).toMatchObject({ code: 'conflict' });
  }
});

describe('postpone', () => {
  it('defers what waits for a domain, and nothing else', async () => {
    await addReaders(room, [
      { email: 'a@closed.example' },
      { email: 'b@Closed.example' },
      { email: 'c@closed.example.com' },
      { email: 'd@open.example' },
    ]);
    const { id } = await freezeWeekly(room, { now });
    const [held] = await claim(1);
    await room.ledger.postpone({ transport: 'outbox', domain: 'closed.example', until: later(15 * minute), now });
    expect((await deliveriesOf(id)).map(({ address, state, notBefore }) => [address, state, notBefore])).toEqual([
      ['a@closed.example', 'claimed', null],
      ['b@Closed.example', 'deferred', later(15 * minute)],
      ['c@closed.example.com', 'queued', null],
      ['d@open.example', 'queued', null],
    ]);
    expect(held?.address).toBe('a@closed.example');
    await expectSum(id);
    expect(await claim(5)).toHaveLength(2);
    expect(await claim(5, later(15 * minute))).toHaveLength(1);
  });
});

describe('findNextDue', () => {
  it('is now while something is queued, then the earliest retry or expiry', async () => {
    const { claimed } = await oneClaimed();
    expect(await room.ledger.findNextDue('outbox', now)).toBeNull();
    await room.ledger.commit([entry('deferred', claimed)], now);
    expect(await room.ledger.findNextDue('outbox', now)).toBe(later(5 * minute));
    expect(await room.ledger.findNextDue('outbox', later(6 * minute))).toBe(later(6 * minute));
    expect(await room.ledger.findNextDue('smtp://other:587', now)).toBeNull();
  });
});

describe('listDeliveries', () => {
  it('streams all pages in order, or only some states', async () => {
    await addReaders(room, manyReaders(1201));
    const { id } = await freezeWeekly(room, { now });
    await claim(3);
    const all = await deliveriesOf(id);
    expect(all).toHaveLength(1201);
    expect(all.map((row) => row.id)).toEqual(all.map((row) => row.id).toSorted((a, b) => a - b));
    expect(await collect(room.ledger.listDeliveries(id, { states: ['claimed'] }))).toHaveLength(3);
  });
});

describe('the statements that run all the time', () => {
  it.each([
    [
      'a claim',
      `select due.id from (select edition.id as edition_id, lane.value as name from edition, json_each(edition.lanes) as lane
        where state = 'sending' order by random() limit 100000) as lane cross join delivery as due
      where due.edition_id = lane.edition_id and due.lane = lane.name
      and due.state in ('queued', 'deferred') and coalesce(due.not_before, '') <= 'x' limit 5`,
      'delivery_due',
    ],
    [
      'a recovery',
      `update delivery set state = 'queued' where state = ? and delivery.worker is not null
      and (lease_until <= ? or worker in (select 1))`,
      'delivery_leased',
    ],
    [
      'a pause',
      `update delivery set state = 'queued' where state = ? and worker is not null and +edition_id = ?`,
      'delivery_leased',
    ],
    [
      'counts',
      `select state, count(*) from delivery where worker is not null and state in ('claimed', 'attempting')
        and +edition_id in (select value from json_each(?)) group by +edition_id, state`,
      'delivery_leased',
    ],
    [
      'a renewal',
      `update delivery set lease_until = ? where worker = ? and delivery.worker is not null`,
      'delivery_leased',
    ],
  ])('go by an index: %s', async (_, statement, index) => {
    const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(statement)}`.execute(room.database);
    expect(rows.map(({ detail }) => detail).join('\n')).toContain(index);
  });
});

describe('what is asked all the while', () => {
  it('passes by editions that are over, however many there are', async () => {
    await addReaders(room, [{ email: 'a@example.com' }]);
    const plans = await plansOf(room.database, async () => {
      await freezeWeekly(room, { now });
      await room.ledger.finishEditions('outbox', now);
      await room.ledger.heedWithdrawn(new Map(), now);
      await room.ledger.findNextDue('outbox', now);
    });
    const scans = plans.flat().filter((step) => /^SCAN (?:edition|edition_count|delivery)\b/.test(step));
    for (const scan of scans) expect(scan).toMatch(/ USING INDEX edition_(?:open|draft|sending|approved)$/);
  });
});

describe('workers', () => {
  it('are registered, beat and leave', async () => {
    const worker = { id: 'w', host: 'here', pid: 7, transport: 'outbox', startedAt: now, heartbeatAt: now };
    await room.ledger.registerWorker(worker);
    await room.ledger.beat('w', later(1));
    expect(await room.ledger.listWorkers()).toEqual([{ ...worker, heartbeatAt: later(1) }]);
    await room.ledger.removeWorker('w');
    expect(await room.ledger.listWorkers()).toEqual([]);
  });
});
