import { describe, expect, it } from 'vitest';
import { createPreferenceStore } from '../../src/storage/index.ts';
import { createLinkToken } from '../../src/subscribers/link-token.ts';
import { leaveByToken, readUnsubscribeToken } from '../../src/subscribers/unsubscribe.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

async function openDesk() {
  const { store, keys, database } = await openReaderStore();
  const clock = fixedClock('2026-11-23T08:00:00Z');
  await store.addSubscribers([newReader('ann@example.com', { newsletters: ['weekly', 'daily'] })], clock.now());
  const subscriberId = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
  const desk = { store, preferences: createPreferenceStore(database), keys, clock, timezone: 'Asia/Tbilisi' };
  const states = async () => {
    const found = await store.findById(subscriberId);
    return Object.fromEntries(found?.subscriptions.map(({ newsletter, state }) => [newsletter, state]) ?? []);
  };
  return { desk, subscriberId, states };
}

describe('leaveByToken', () => {
  it('leaves the token’s newsletter, again and again with the same answer', async () => {
    const { desk, subscriberId, states } = await openDesk();
    const token = createLinkToken(desk.keys, 'unsubscribe', { subscriberId, newsletter: 'weekly' });
    expect(readUnsubscribeToken(desk.keys, token)).toEqual({ subscriberId, newsletter: 'weekly' });
    const left = { kind: 'left', subscriberId, newsletter: 'weekly' };
    expect(await leaveByToken(desk, token, 'one-click')).toEqual({ ...left, repeated: false });
    expect(await leaveByToken(desk, token, 'page')).toEqual({ ...left, repeated: true });
    expect(await states()).toEqual({ weekly: 'left', daily: 'active' });
    const found = await desk.store.findById(subscriberId);
    expect(found?.subscriptions.find(({ state }) => state === 'left')?.source).toBe('one-click');
  });

  it('leaves everything where that is asked for', async () => {
    const { desk, subscriberId, states } = await openDesk();
    const token = createLinkToken(desk.keys, 'unsubscribe', { subscriberId, newsletter: 'weekly' });
    expect(await leaveByToken(desk, token, 'page', 'all')).toMatchObject({ kind: 'left', repeated: false });
    expect(await leaveByToken(desk, token, 'page', 'all')).toMatchObject({ kind: 'left', repeated: true });
    expect(await states()).toEqual({ weekly: 'left', daily: 'left' });
  });

  it('does nothing for a forged token, one for preferences, and a reader who is gone', async () => {
    const { desk, subscriberId, states } = await openDesk();
    const good = createLinkToken(desk.keys, 'unsubscribe', { subscriberId, newsletter: 'weekly' });
    const tokens = [
      '',
      'preview',
      good.slice(1),
      createLinkToken(desk.keys, 'preferences', { subscriberId, newsletter: 'weekly' }),
      createLinkToken(desk.keys, 'unsubscribe', { subscriberId, newsletter: null }),
      createLinkToken(desk.keys, 'unsubscribe', { subscriberId: subscriberId + 1, newsletter: 'weekly' }),
    ];
    for (const token of tokens) expect(await leaveByToken(desk, token, 'one-click')).toEqual({ kind: 'unknown' });
    expect(await states()).toEqual({ weekly: 'active', daily: 'active' });
  });
});
