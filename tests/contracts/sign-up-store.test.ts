import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import { createLetterStore, createSignUpStore } from '../../src/storage/index.ts';
import type { Letter, SignUp, SignUpWishes } from '../../src/subscribers/index.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

const now = '2026-11-23T08:00:00.000Z';
const dayMs = 24 * 3_600_000;
const wishes: SignUpWishes = {
  languages: ['fa', 'en'],
  newsletters: ['weekly'],
  countries: ['iran', 'armenia'],
  topics: [],
  rhythm: 'monthly',
};
const wording = { text: 'I ask for it.', lang: 'fa', version: 'abc' };
const agreed = { text: 'I confirm it.', lang: 'fa', version: 'def' };

function signUpOf(email: string, changes: Partial<SignUpWishes> = {}): SignUp {
  return { email, wishes: { ...wishes, ...changes }, wording, how: 'form', ip: null };
}

async function openDesk() {
  const readers = await openReaderStore();
  const signUps = createSignUpStore(readers.database, readers.keys);
  const letters = createLetterStore(readers.database, readers.keys);
  return {
    ...readers,
    signUps,
    /** Signs up at an instant; the letters that follow. */
    async signUp(signUp: SignUp, at = now): Promise<Letter[]> {
      await signUps.keepSignUp(signUp, at);
      await signUps.settleSignUps(at);
      return letters.claimLetters(at, plusMs(at, dayMs * 365), 10);
    },
    claim: (at = now) => letters.claimLetters(at, plusMs(at, dayMs * 365), 10),
    consents: () =>
      readers.database
        .selectFrom('consent')
        .select(['what', 'newsletters', 'lists', 'wording', 'lang', 'version', 'how', 'at', 'ip', 'reference'])
        .orderBy('id')
        .execute(),
  };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

async function confirmAll({ signUps }: Desk, letters: readonly Letter[], at = now): Promise<void> {
  for (const letter of letters) {
    if (letter.kind === 'confirm') await signUps.confirm(letter.subscriberId, letter.payload.consentId, agreed, at);
  }
}

describe('SignUpStore.settleSignUps', () => {
  it('asks a new address for its confirmation, keeps word by word what was asked, and sends nothing meanwhile', async () => {
    const desk = await openDesk();
    const letters = await desk.signUp(signUpOf('Ann@example.com'));
    expect(letters).toMatchObject([
      { kind: 'confirm', address: 'Ann@example.com', lang: 'fa', payload: { newsletters: ['weekly'] } },
    ]);
    const found = await desk.store.findByEmail('ann@example.com');
    expect(found?.subscriber).toMatchObject({
      state: 'pending',
      languages: ['fa', 'en'],
      countries: ['armenia', 'iran'],
    });
    expect(found?.subscriptions).toEqual([]);
    expect(await desk.consents()).toEqual([
      {
        what: 'asked',
        newsletters: '["weekly"]',
        lists: '{"languages":["fa","en"],"countries":["armenia","iran"],"topics":[],"rhythm":"monthly"}',
        wording: 'I ask for it.',
        lang: 'fa',
        version: 'abc',
        how: 'form',
        at: now,
        ip: null,
        reference: null,
      },
    ]);
    expect(await desk.database.selectFrom('sign_up').selectAll().execute()).toEqual([]);
  });

  it('sends a victim one letter, whoever signs the address up how often and in what spelling', async () => {
    const desk = await openDesk();
    const spellings = ['ann@example.com', 'ANN@example.com', 'Ann@EXAMPLE.COM', '"ann"@example.com'];
    for (let post = 0; post < 1000; post += 1) {
      await desk.signUps.keepSignUp(signUpOf(spellings[post % spellings.length] ?? ''), plusMs(now, post));
      if (post % 100 === 0) await desk.signUps.settleSignUps(plusMs(now, post));
    }
    await desk.signUps.settleSignUps(plusMs(now, dayMs - 1));
    expect(await desk.claim(plusMs(now, dayMs))).toHaveLength(1);
    expect(await desk.consents()).toHaveLength(1);
    expect(await desk.database.selectFrom('subscriber').select('id').execute()).toHaveLength(1);
  });

  it('tells a reader who has it all so, in a letter of the same limits, and changes nothing', async () => {
    const desk = await openDesk();
    await desk.store.addSubscribers([newReader('ann@example.com', { newsletters: ['weekly', 'daily'] })], now);
    expect(await desk.signUp(signUpOf('ann@example.com'))).toMatchObject([
      { kind: 'already', payload: { newsletters: ['daily', 'weekly'] } },
    ]);
    expect(await desk.signUp(signUpOf('ann@example.com'))).toEqual([]);
    expect((await desk.store.findByEmail('ann@example.com'))?.subscriber.languages).toEqual(['en']);
    expect(await desk.consents()).toHaveLength(1);
  });

  it.each([
    ['wants another newsletter', newReader('ann@example.com', { newsletters: ['daily'] })],
    ['has left', newReader('ann@example.com', { left: true })],
  ])('asks a reader who %s for a confirmation', async (_, reader) => {
    const desk = await openDesk();
    await desk.store.addSubscribers([reader], now);
    const letters = await desk.signUp(signUpOf('ann@example.com'));
    expect(letters).toMatchObject([{ kind: 'confirm' }]);
    await confirmAll(desk, letters);
    const found = await desk.store.findByEmail('ann@example.com');
    expect(found?.subscriptions.find(({ newsletter }) => newsletter === 'weekly')).toMatchObject({ state: 'active' });
  });

  it('writes once a month to an address that complained or wasn’t there, and lifts that by the reader’s own word', async () => {
    for (const reason of ['complaint', 'address_gone']) {
      const desk = await openDesk();
      await desk.store.suppress('ann@example.com', reason, now);
      const letters = await desk.signUp(signUpOf('ann@example.com'));
      expect(letters).toMatchObject([{ kind: 'confirm' }]);
      expect(await desk.signUp(signUpOf('ann@example.com'), plusMs(now, 29 * dayMs))).toEqual([]);
      expect(await desk.store.isSuppressed('ann@example.com')).toBe(true);
      await confirmAll(desk, letters);
      expect(await desk.store.isSuppressed('ann@example.com')).toBe(false);
    }
  });

  it('writes nothing to an address that an operator, or its erased reader, wants kept out', async () => {
    const desk = await openDesk();
    for (const [email, reason] of [
      ['a@example.com', 'Asked by phone.'],
      ['b@example.com', 'erased'],
    ] as const) {
      await desk.store.suppress(email, reason, now);
      expect(await desk.signUp(signUpOf(email))).toEqual([]);
      expect(await desk.store.findByEmail(email)).toBeNull();
    }
  });
});

describe('SignUpStore.confirm', () => {
  it('makes true what was asked for, once, and welcomes', async () => {
    const desk = await openDesk();
    const letters = await desk.signUp(signUpOf('ann@example.com'));
    await confirmAll(desk, letters);
    await confirmAll(desk, letters, plusMs(now, 1000));
    const found = await desk.store.findByEmail('ann@example.com');
    expect(found?.subscriber.state).toBe('active');
    expect(found?.subscriptions).toMatchObject([
      { newsletter: 'weekly', state: 'active', since: now, source: 'form', rhythm: 'monthly' },
    ]);
    expect(await desk.claim(plusMs(now, 2000))).toMatchObject([
      { kind: 'welcome', lang: 'fa', payload: { lists: { languages: ['fa', 'en'], countries: ['armenia', 'iran'] } } },
    ]);
    expect(await desk.claim(plusMs(now, 2000))).toEqual([]);
    expect((await desk.consents()).slice(1)).toMatchObject([
      { what: 'confirmed', wording: 'I confirm it.', version: 'def', how: 'form', reference: 1 },
    ]);
  });

  it('brings nobody back who has left since', async () => {
    const desk = await openDesk();
    const letters = await desk.signUp(signUpOf('ann@example.com'));
    await confirmAll(desk, letters);
    const id = (await desk.store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;
    await desk.store.leaveAll(id, 'page', plusMs(now, 1));
    await confirmAll(desk, letters, plusMs(now, 2));
    expect((await desk.store.findByEmail('ann@example.com'))?.subscriptions).toMatchObject([{ state: 'left' }]);
  });

  it('knows no reader who was erased, and no record of another one', async () => {
    const desk = await openDesk();
    const [letter] = await desk.signUp(signUpOf('ann@example.com'));
    await desk.signUp(signUpOf('bea@example.com'));
    const bea = (await desk.store.findByEmail('bea@example.com'))?.subscriber.id ?? 0;
    expect(await desk.signUps.confirm(bea, 1, agreed, now)).toEqual({ kind: 'gone' });
    expect(await desk.signUps.findAsked(bea, 1)).toBeNull();
    await desk.store.erase(letter?.subscriberId ?? 0, { keepOut: false }, now);
    expect(await desk.signUps.confirm(letter?.subscriberId ?? 0, 1, agreed, now)).toEqual({ kind: 'gone' });
  });
});

describe('SignUpStore.askAgain', () => {
  it('sends the letter once more within its limits, and none for what was confirmed', async () => {
    const desk = await openDesk();
    const [letter] = await desk.signUp(signUpOf('ann@example.com'));
    const again = (at: string) => desk.signUps.askAgain(letter?.subscriberId ?? 0, 1, 'en', at);
    await again(plusMs(now, 1000));
    expect(await desk.claim(plusMs(now, 1000))).toEqual([]);
    await again(plusMs(now, 8 * dayMs));
    expect(await desk.claim(plusMs(now, 8 * dayMs))).toMatchObject([{ kind: 'confirm', payload: { consentId: 1 } }]);
    await desk.signUps.confirm(letter?.subscriberId ?? 0, 1, agreed, plusMs(now, 8 * dayMs));
    await again(plusMs(now, 12 * dayMs));
    expect(await desk.claim(plusMs(now, 12 * dayMs))).toMatchObject([{ kind: 'welcome' }]);
  });
});
