import { describe, expect, it } from 'vitest';
import { type Instant, plusMs } from '../../src/clock.ts';
import type { LetterAnswer, LetterQueue } from '../../src/delivery/index.ts';
import { createLetterStore } from '../../src/storage/index.ts';
import type { LetterStore, NewLetter } from '../../src/subscribers/index.ts';
import { collect } from '../support/mailing.ts';
import { newReader, openReaderStore, type ReaderStore } from '../support/reader-store.ts';

const now = '2026-11-23T08:00:00.000Z';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Desk extends ReaderStore {
  readonly letters: LetterStore & LetterQueue;
  letterTo(email: string): Promise<NewLetter>;
}

async function openDesk(): Promise<Desk> {
  const readers = await openReaderStore();
  return {
    ...readers,
    letters: createLetterStore(readers.database, readers.keys),
    async letterTo(email) {
      await readers.store.addSubscribers([newReader(email)], now);
      const subscriberId = (await readers.store.findByEmail(email))?.subscriber.id ?? 0;
      const payload = { consentId: 1, newsletters: ['weekly'] };
      return { kind: 'confirm', subscriberId, address: email, lang: 'fa', payload };
    },
  };
}

const claim = (letters: LetterQueue, at: Instant, limit = 10) => letters.claimLetters(at, plusMs(at, hourMs), limit);

const said = (reply: string): LetterAnswer => ({ reply, against: null });

describe('LetterStore.addLetter', () => {
  it('keeps what the letter needs', async () => {
    const { letters, letterTo } = await openDesk();
    const letter = await letterTo('ann@example.com');
    expect(await letters.hasDue(now)).toBe(false);
    expect(await letters.addLetter(letter, now)).toBe('posted');
    expect(await letters.hasDue(now)).toBe(true);
    expect(await claim(letters, now)).toEqual([{ ...letter, id: 1, tries: 0, createdAt: now }]);
  });

  it('takes one a day and three a month to an address, in any spelling, whatever became of them', async () => {
    const { letters, letterTo } = await openDesk();
    const letter = await letterTo('ann@example.com');
    const inAnotherSpelling = { ...letter, address: 'Ann@EXAMPLE.com' };
    const postings: [days: number, posting: string][] = [
      [0, 'posted'],
      [0.5, 'limited'],
      [0.999, 'limited'],
      [1, 'posted'],
      [15, 'posted'],
      [17, 'limited'],
      [29.9, 'limited'],
      [30, 'posted'],
    ];
    for (const [days, posting] of postings) {
      const at = plusMs(now, days * dayMs);
      expect([days, await letters.addLetter(inAnotherSpelling, at)]).toEqual([days, posting]);
      for (const { id } of await claim(letters, at)) await letters.settleLetter(id, 'failed', said('550 no'), at);
    }
    expect(await letters.addLetter(await letterTo('bea@example.com'), now)).toBe('posted');
  });
});

describe('LetterStore.claimLetters', () => {
  it('gives each letter to one process, oldest first, and to another one once its time is over', async () => {
    const { letters, letterTo } = await openDesk();
    for (const name of ['a', 'b', 'c']) await letters.addLetter(await letterTo(`${name}@example.com`), now);
    expect((await claim(letters, now, 2)).map(({ address }) => address)).toEqual(['a@example.com', 'b@example.com']);
    expect((await claim(letters, now, 2)).map(({ address }) => address)).toEqual(['c@example.com']);
    expect(await letters.hasDue(now)).toBe(false);
    expect(await claim(letters, plusMs(now, hourMs - 1))).toEqual([]);
    expect(await claim(letters, plusMs(now, hourMs))).toHaveLength(3);
  });

  it('gives one that was deferred again at its time, and counts the try', async () => {
    const { letters, letterTo } = await openDesk();
    await letters.addLetter(await letterTo('a@example.com'), now);
    const [letter] = await claim(letters, now);
    await letters.deferLetter(letter?.id ?? 0, plusMs(now, 60_000), said('451 later'), now);
    expect(await claim(letters, plusMs(now, 59_999))).toEqual([]);
    expect(await claim(letters, plusMs(now, 60_000))).toMatchObject([{ tries: 1 }]);
  });

  it('keeps one that is renewed from others for longer, and puts none off that is done with', async () => {
    const { letters, letterTo } = await openDesk();
    for (const name of ['a', 'b', 'c']) await letters.addLetter(await letterTo(`${name}@example.com`), now);
    const [a, b, c] = (await claim(letters, now)).map(({ id }) => id);
    await letters.settleLetter(a ?? 0, 'sent', said('250 ok'), now);
    await letters.deferLetter(b ?? 0, plusMs(now, 3 * hourMs), said('451 later'), now);
    await letters.renewLetters([a ?? 0, b ?? 0, c ?? 0], plusMs(now, 2 * hourMs));
    expect(await claim(letters, plusMs(now, 2 * hourMs - 1))).toEqual([]);
    expect(await claim(letters, plusMs(now, 2 * hourMs))).toMatchObject([{ id: c }]);
    expect(await claim(letters, plusMs(now, 3 * hourMs))).toMatchObject([{ id: b }, { id: c }]);
  });

  it('gives one that wasn’t tried again as it was', async () => {
    const { letters, letterTo } = await openDesk();
    await letters.addLetter(await letterTo('a@example.com'), now);
    const [letter] = await claim(letters, now);
    await letters.returnLetter(letter?.id ?? 0, plusMs(now, 1000));
    expect(await claim(letters, plusMs(now, 999))).toEqual([]);
    expect(await claim(letters, plusMs(now, 1000))).toMatchObject([{ tries: 0 }]);
  });

  it('gives none that has left, nor one of a reader who is gone', async () => {
    const { letters, letterTo, database } = await openDesk();
    await letters.addLetter(await letterTo('sent@example.com'), now);
    const [sent] = await claim(letters, now);
    await letters.settleLetter(sent?.id ?? 0, 'sent', said('250 ok'), now);
    const gone = await letterTo('gone@example.com');
    await letters.addLetter(gone, now);
    await database.deleteFrom('subscriber').where('id', '=', gone.subscriberId).execute();
    expect(await claim(letters, plusMs(now, dayMs))).toEqual([]);
    const rows = await database.selectFrom('letter').select(['state', 'reply']).orderBy('id').execute();
    expect(rows).toEqual([
      { state: 'sent', reply: '250 ok' },
      { state: 'cancelled', reply: null },
    ]);
  });
});

describe('LetterQueue.settleLetter', () => {
  it('suppresses an address of which the relay says that nobody is there', async () => {
    const { letters, letterTo, store } = await openDesk();
    await letters.addLetter(await letterTo('gone@example.com'), now);
    const [letter] = await claim(letters, now);
    await letters.settleLetter(letter?.id ?? 0, 'failed', { reply: '550 5.1.1 no', against: 'address_gone' }, now);
    expect(await collect(store.listSuppressions())).toMatchObject([
      { email: 'gone@example.com', reason: 'address_gone' },
    ]);
  });

  it('counts one letter once, however often it is tried, and none before the last that arrived', async () => {
    const { letters, letterTo, database, store } = await openDesk();
    const letter = await letterTo('full@example.com');
    const full = { reply: '452 4.2.2 full', against: 'soft' } as const;
    const days = async (from: number, to: number): Promise<void> => {
      for (let day = from; day <= to; day += 4) {
        const at = plusMs(now, day * dayMs);
        const { kind, payload, ...rest } = letter;
        // Of kinds in turn, so that no limit is in the way.
        const kinds = ['link', 'address', 'data', 'erase'] as const;
        await letters.addLetter({ ...rest, kind: kinds[(day / 4) % 4] ?? 'link', payload: {} }, at);
        const [one] = await claim(letters, at);
        await letters.deferLetter(one?.id ?? 0, plusMs(at, 60_000), full, at);
        await letters.settleLetter(one?.id ?? 0, 'failed', full, plusMs(at, 60_000));
      }
    };
    const state = async () => (await store.findByEmail('full@example.com'))?.subscriber.state;
    await days(0, 12);
    expect(await state()).toBe('active');
    expect(await database.selectFrom('bounce').select('letter_id').execute()).toHaveLength(4);
    await letters.addLetter(letter, plusMs(now, 14 * dayMs));
    const [arrived] = await claim(letters, plusMs(now, 14 * dayMs));
    await letters.settleLetter(arrived?.id ?? 0, 'sent', said('250 ok'), plusMs(now, 14 * dayMs));
    await days(16, 28);
    expect(await state()).toBe('active');
    await days(32, 32);
    expect(await state()).toBe('suspended');
  });
});
