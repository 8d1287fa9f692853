import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSubscriberStore, openDatabase } from '../../src/storage/index.ts';
import { addConsents } from '../../src/storage/readers/consent-record.ts';
import { type SubscriberStore, type SubscriptionState, wordingOf } from '../../src/subscribers/index.ts';
import { subscriptionTransitions } from '../../src/subscribers/subscription.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

const now = '2026-11-23T08:00:00.000Z';
const later = '2026-11-24T08:00:00.000Z';

async function stateOf(
  store: SubscriberStore,
  email: string,
  newsletter: string,
): Promise<SubscriptionState | undefined> {
  const found = await store.findByEmail(email);
  return found?.subscriptions.find((subscription) => subscription.newsletter === newsletter)?.state;
}

async function addressesOf(store: SubscriberStore, filter?: Parameters<SubscriberStore['listSubscribers']>[0]) {
  const addresses: (string | null)[] = [];
  for await (const { subscriber } of store.listSubscribers(filter)) addresses.push(subscriber.email);
  return addresses;
}

describe('SubscriberStore.addSubscribers', () => {
  it('keeps everything that is given', async () => {
    const { store } = await openReaderStore();
    const given = newReader('Ann@example.com', {
      name: 'Ann Reader',
      languages: ['fa', 'en'],
      countries: ['iran', 'armenia', 'iran'],
      topics: ['security'],
      timezone: 'Asia/Tehran',
      newsletters: ['weekly', 'daily'],
    });
    expect(await store.addSubscribers([given], now)).toEqual(['added']);
    const found = await store.findByEmail('ann@EXAMPLE.com');
    expect(found?.subscriber).toMatchObject({
      email: 'Ann@example.com',
      name: 'Ann Reader',
      languages: ['fa', 'en'],
      lang: 'fa',
      countries: ['armenia', 'iran'],
      topics: ['security'],
      timezone: 'Asia/Tehran',
      state: 'active',
      sample: false,
      createdAt: now,
    });
    const id = found?.subscriber.id ?? 0;
    expect(found?.subscriptions).toEqual([
      {
        subscriberId: id,
        newsletter: 'daily',
        state: 'active',
        since: now,
        source: 'operator',
        rhythm: 'each',
        pausedUntil: null,
        leftFrom: null,
      },
      {
        subscriberId: id,
        newsletter: 'weekly',
        state: 'active',
        since: now,
        source: 'operator',
        rhythm: 'each',
        pausedUntil: null,
        leftFrom: null,
      },
    ]);
    expect(await store.findById(id)).toEqual(found);
  });

  it('writes equal choices with equal text, whatever their order', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers(
      [
        newReader('a@example.com', { countries: ['iran', 'armenia'], topics: ['b', 'a'] }),
        newReader('b@example.com', { countries: ['armenia', 'iran'], topics: ['a', 'b'] }),
      ],
      now,
    );
    const rows = await database.selectFrom('subscriber').select('choice').distinct().execute();
    expect(rows).toEqual([{ choice: '{"languages":["en"],"countries":["armenia","iran"],"topics":["a","b"]}' }]);
  });

  it('changes a reader it knows by any spelling, and says when nothing changes', async () => {
    const { store } = await openReaderStore();
    const reader = newReader('ann@example.com', { name: 'Ann' });
    await store.addSubscribers([reader], now);
    expect(await store.addSubscribers([reader], later)).toEqual(['unchanged']);
    expect(await store.addSubscribers([newReader('ANN@example.com', { languages: ['hy'] })], later)).toEqual([
      'updated',
    ]);
    const found = await store.findByEmail('ann@example.com');
    expect(found?.subscriber).toMatchObject({ email: 'ann@example.com', name: 'Ann', lang: 'hy', createdAt: now });
    expect(await store.countSubscribers()).toBe(1);
    expect(
      await store.addSubscribers([newReader('ann@example.com', { languages: ['hy'], newsletters: ['daily'] })], later),
    ).toEqual(['updated']);
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('active');
    expect(await stateOf(store, 'ann@example.com', 'daily')).toBe('active');
  });

  it('answers in order for one address given twice, and keeps the last', async () => {
    const { store } = await openReaderStore();
    const twice = [
      newReader('ann@example.com'),
      newReader('Ann@Example.com', { languages: ['fa'], newsletters: ['daily'] }),
    ];
    expect(await store.addSubscribers([newReader('b@example.com'), ...twice, ...twice.slice(1)], now)).toEqual([
      'added',
      'added',
      'updated',
      'unchanged',
    ]);
    expect((await store.findByEmail('ann@example.com'))?.subscriber.lang).toBe('fa');
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('active');
    expect(await stateOf(store, 'ann@example.com', 'daily')).toBe('active');
  });

  it('records a consent with each change and none without', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com', { consent: 'At the fair.' })], now);
    await store.addSubscribers([newReader('ann@example.com', { consent: 'Once more.' })], later);
    await store.addSubscribers([newReader('ann@example.com', { consent: 'By phone.', newsletters: ['daily'] })], later);
    const consents = await database
      .selectFrom('consent')
      .select(['what', 'wording', 'version', 'how', 'at'])
      .orderBy('id')
      .execute();
    const { version } = wordingOf('By phone.', 'und');
    expect(consents).toMatchObject([
      { what: 'vouched', wording: 'At the fair.', how: 'operator', at: now },
      { what: 'vouched', wording: 'By phone.', version, how: 'operator', at: later },
    ]);
    expect(consents[0]?.version).not.toBe(version);
  });

  it('believes another tool’s bounce, but not of who confirmed here; a complaint counts of everybody', async () => {
    const { store, database } = await openReaderStore();
    const names = ['vouched', 'confirmed', 'complained', 'suspended'].map((name) => `${name}@example.com`);
    await store.addSubscribers(
      names.map((email) => newReader(email)),
      now,
    );
    for (const name of names.slice(1)) {
      const id = (await store.findByEmail(name))?.subscriber.id ?? 0;
      await addConsents(database, [
        {
          subscriberId: id,
          what: 'confirmed',
          newsletters: [],
          lists: '{}',
          wording: wordingOf('Yes.', 'en'),
          how: 'form',
          at: now,
        },
      ]);
    }
    await database
      .updateTable('subscriber')
      .set({ state: 'suspended' })
      .where('email', '=', 'suspended@example.com')
      .execute();
    const rows = names.map((email) =>
      newReader(email, {
        source: 'import',
        suppressed: email.startsWith('complained') ? 'complaint' : 'address_gone',
        left: true,
      }),
    );
    expect(await store.addSubscribers(rows, later)).toEqual(['suppressed', 'unchanged', 'suppressed', 'suppressed']);
    expect(await store.isSuppressed('confirmed@example.com')).toBe(false);
    expect(await stateOf(store, 'confirmed@example.com', 'weekly')).toBe('active');
  });

  it('leaves a suppressed address out, in any spelling', async () => {
    const { store } = await openReaderStore();
    await store.suppress('Ann@example.com', 'complaint', now);
    expect(await store.addSubscribers([newReader('ann@EXAMPLE.com'), newReader('b@example.com')], now)).toEqual([
      'suppressed',
      'added',
    ]);
    expect(await store.findByEmail('ann@example.com')).toBeNull();
  });

  it('brings back who has left by an operator’s word, never by a file', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com', { newsletters: ['weekly'] })], now);
    const id = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    await store.leave(id, 'weekly', 'one-click', now);
    const file = newReader('ann@example.com', { source: 'import', languages: ['fa'] });
    expect(await store.addSubscribers([file], later)).toEqual(['left']);
    expect((await store.findByEmail('ann@example.com'))?.subscriber.lang).toBe('en');
    expect(await store.addSubscribers([{ ...file, newsletters: ['weekly', 'daily'] }], later)).toEqual(['updated']);
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('left');
    expect(await stateOf(store, 'ann@example.com', 'daily')).toBe('active');
    expect(await store.addSubscribers([newReader('ann@example.com')], later)).toEqual(['updated']);
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('active');
  });

  it('records who is known to have left, also of those who receive it', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com')], now);
    const left = [newReader('ann@example.com', { left: true }), newReader('new@example.com', { left: true })];
    expect(await store.addSubscribers(left, later)).toEqual(['updated', 'added']);
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('left');
    expect(await stateOf(store, 'new@example.com', 'weekly')).toBe('left');
    expect(await store.countReaders('weekly', now)).toBe(0);
    expect(await store.addSubscribers(left, later)).toEqual(['unchanged', 'unchanged']);
  });

  it('takes a suspended reader up again by an operator’s word, not by a file', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com')], now);
    await database.updateTable('subscriber').set({ state: 'suspended' }).execute();
    await store.addSubscribers([newReader('ann@example.com', { source: 'import', name: 'Ann' })], later);
    expect((await store.findByEmail('ann@example.com'))?.subscriber).toMatchObject({ state: 'suspended', name: 'Ann' });
    await store.addSubscribers([newReader('ann@example.com')], later);
    expect((await store.findByEmail('ann@example.com'))?.subscriber.state).toBe('active');
  });

  it('keeps a rhythm, changes it where one is named, and lets no file end a pause', async () => {
    const { store, database } = await openReaderStore();
    const reader = newReader('ann@example.com', { source: 'import' });
    await store.addSubscribers([{ ...reader, rhythm: 'weekly' }], now);
    expect(await store.addSubscribers([reader], later)).toEqual(['unchanged']);
    expect(await store.addSubscribers([{ ...reader, rhythm: 'monthly' }], later)).toEqual(['updated']);
    const found = await store.findByEmail('ann@example.com');
    expect(found?.subscriptions).toMatchObject([{ state: 'active', since: now, rhythm: 'monthly', pausedUntil: null }]);
    await database.updateTable('subscription').set({ state: 'paused', paused_until: later }).execute();
    await store.addSubscribers([{ ...reader, rhythm: 'weekly' }], later);
    expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('paused');
    expect(await store.countReaders('weekly', now)).toBe(0);
    expect(await store.countReaders('weekly', later)).toBe(1);
  });

  it('adds all or none', async () => {
    const { store } = await openReaderStore();
    const broken = { ...newReader('b@example.com'), name: {} as unknown as string }; // what no caller can pass
    await expect(store.addSubscribers([newReader('a@example.com'), broken], now)).rejects.toThrow();
    expect(await store.countSubscribers()).toBe(0);
  });

  it('takes more than a statement holds', async () => {
    const { store } = await openReaderStore();
    const many = Array.from({ length: 5000 }, (_, index) =>
      newReader(`r${index}@example.com`, { newsletters: ['w', 'd'] }),
    );
    expect(new Set(await store.addSubscribers(many, now))).toEqual(new Set(['added']));
    expect(await store.countReaders('d', now)).toBe(5000);
  });
});

describe('SubscriberStore.listSubscribers', () => {
  it('lists every reader once, in order of address, while others come and go', async () => {
    const { store } = await openReaderStore();
    const addresses = Array.from({ length: 1203 }, (_, index) => `r${String(index).padStart(5, '0')}@example.com`);
    await store.addSubscribers(addresses.map((address) => newReader(address)).reverse(), now);
    const listed: (string | null)[] = [];
    for await (const { subscriber, subscriptions } of store.listSubscribers()) {
      listed.push(subscriber.email);
      expect(subscriptions).toHaveLength(1);
      if (listed.length === 100) await store.addSubscribers([newReader('a-before@example.com')], later);
    }
    expect(listed).toEqual(addresses);
  });

  it('filters by newsletter and state, and stops when its reader does', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers(
      [
        newReader('a@example.com', { newsletters: ['weekly', 'daily'] }),
        newReader('b@example.com', { newsletters: ['daily'] }),
        newReader('c@example.com', { newsletters: ['weekly'] }),
        newReader('d@example.com'),
      ],
      now,
    );
    await store.leave((await store.findByEmail('d@example.com'))?.subscriber.id ?? 0, 'weekly', 'page', now);
    await database.updateTable('subscriber').set({ state: 'suspended' }).where('email', '=', 'c@example.com').execute();
    expect(await addressesOf(store)).toEqual(['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']);
    expect(await addressesOf(store, { newsletter: 'weekly' })).toEqual(['a@example.com', 'c@example.com']);
    expect(await addressesOf(store, { newsletter: 'weekly', states: ['active'] })).toEqual(['a@example.com']);
    expect(await addressesOf(store, { states: ['suspended'] })).toEqual(['c@example.com']);
    expect(await addressesOf(store, { newsletter: 'monthly' })).toEqual([]);
    expect(await store.countReaders('weekly', now)).toBe(1);
    for await (const { subscriber } of store.listSubscribers()) {
      expect(subscriber.email).toBe('a@example.com');
      break;
    }
  });
});

describe('SubscriberStore.leave', () => {
  it('leaves one newsletter and says whether there was anything to leave', async () => {
    const { store, folder, keys } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com', { newsletters: ['weekly', 'daily'] })], now);
    const id = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    expect(await store.leave(id, 'weekly', 'one-click', later)).toBe(true);
    expect(await store.leave(id, 'weekly', 'page', later)).toBe(false);
    expect(await store.leave(id, 'monthly', 'page', later)).toBe(false);
    expect(await store.leave(id + 1, 'weekly', 'page', later)).toBe(false);
    const other = await openDatabase(join(folder, 'silkpost.db'));
    const seen = await createSubscriberStore(other, keys).findById(id);
    await other.destroy();
    expect(seen?.subscriptions).toMatchObject([
      { newsletter: 'daily', state: 'active' },
      { newsletter: 'weekly', state: 'left', since: later, source: 'one-click' },
    ]);
  });

  it('leaves from whatever state can be left', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com')], now);
    const id = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    for (const [state, next] of Object.entries(subscriptionTransitions)) {
      await database.updateTable('subscription').set({ state }).execute();
      expect(await store.leave(id, 'weekly', 'page', later)).toBe(next.includes('left'));
      expect(await stateOf(store, 'ann@example.com', 'weekly')).toBe('left');
    }
  });

  it('leaves every newsletter, without touching when an earlier one was left', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com', { newsletters: ['weekly', 'daily'] })], now);
    await store.addSubscribers([newReader('bob@example.com')], now);
    const id = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    await store.leave(id, 'daily', 'page', now);
    await store.leaveAll(id, 'operator', later);
    expect((await store.findById(id))?.subscriptions).toMatchObject([
      { newsletter: 'daily', state: 'left', since: now, source: 'page' },
      { newsletter: 'weekly', state: 'left', since: later, source: 'operator', rhythm: 'each', pausedUntil: null },
    ]);
    expect(await stateOf(store, 'bob@example.com', 'weekly')).toBe('active');
  });
});

describe('SubscriberStore.removeSamples', () => {
  it('removes the made-up readers and no other, and keeps their deliveries', async () => {
    const { store, database } = await openReaderStore();
    const sample = { sample: true, source: 'sample' } as const;
    await store.addSubscribers(
      [newReader('ann@example.com', sample), newReader('anahit@example.com', sample), newReader('bob@example.com')],
      now,
    );
    const id = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    await database
      .insertInto('edition')
      .values({
        id: 'weekly-1',
        newsletter: 'weekly',
        key: '1',
        state: 'sent',
        reason: null,
        trigger: 'sample',
        selection: '{}',
        due_at: now,
        cutoff: null,
        transport: 'outbox',
        created_at: now,
        frozen_at: now,
        finished_at: now,
        expires_at: null,
        candidates: 1,
      })
      .execute();
    await database
      .insertInto('delivery')
      .values({
        edition_id: 'weekly-1',
        subscriber_id: id,
        address: 'ann@example.com',
        address_key: 'a',
        lang: 'en',
        variant: 0,
        state: 'sent',
        attempts: 1,
        updated_at: now,
      })
      .execute();
    expect(await store.removeSamples()).toBe(2);
    expect(await store.removeSamples()).toBe(0);
    expect(await addressesOf(store)).toEqual(['bob@example.com']);
    expect(await database.selectFrom('delivery').select(['subscriber_id', 'address']).execute()).toEqual([
      { subscriber_id: null, address: 'ann@example.com' },
    ]);
    expect(await database.selectFrom('subscription').selectAll().execute()).toHaveLength(1);
    expect(await database.selectFrom('consent').selectAll().execute()).toHaveLength(1);
  });

  it('spares a sample reader whom the operator has added in earnest', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers([newReader('ann@example.com', { sample: true, source: 'sample' })], now);
    expect(await store.addSubscribers([newReader('ann@example.com')], later)).toEqual(['updated']);
    expect(await store.removeSamples()).toBe(0);
  });
});

describe('SubscriberStore.suppress', () => {
  it('keeps the first reason, and no address', async () => {
    const { store, database } = await openReaderStore();
    await store.suppress('Ann@example.com', 'complaint', now);
    await store.suppress('ann@example.com', 'operator', later);
    expect(await store.isSuppressed('ANN@example.com')).toBe(true);
    expect(await store.isSuppressed('bob@example.com')).toBe(false);
    const rows = await database.selectFrom('suppression').selectAll().execute();
    expect(rows).toMatchObject([{ reason: 'complaint', since: now }]);
    expect(JSON.stringify(rows)).not.toContain('example.com');
  });
});

describe('SubscriberStore.countSubscribers', () => {
  it('counts everyone but the erased', async () => {
    const { store, database } = await openReaderStore();
    expect(await store.countSubscribers()).toBe(0);
    await store.addSubscribers([newReader('a@example.com'), newReader('b@example.com', { left: true })], now);
    expect(await store.countSubscribers()).toBe(2);
    await database
      .updateTable('subscriber')
      .set({ state: 'erased', email: null })
      .where('email', '=', 'a@example.com')
      .execute();
    expect(await store.countSubscribers()).toBe(1);
    expect(await addressesOf(store)).toEqual(['b@example.com']);
  });
});
