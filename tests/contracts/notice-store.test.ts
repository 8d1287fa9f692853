import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NoticeEvent, NoticeStore } from '../../src/operators/index.ts';
import { createNoticeStore, openDatabase } from '../../src/storage/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openSqliteStore(): Promise<NoticeStore> {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  return createNoticeStore(database);
}

const held: NoticeEvent = { kind: 'held', editionId: 'weekly-1', sentence: 'It is held.', whatToDo: 'Approve it.' };
const mailbox: NoticeEvent = { kind: 'mailbox', editionId: null, sentence: 'No mailbox.', whatToDo: 'Look.' };
const [nine, ten, eleven] = ['2026-11-27T09:00:00.000Z', '2026-11-27T10:00:00.000Z', '2026-11-27T11:00:00.000Z'];

describe.each([['SQLite', openSqliteStore]])('NoticeStore in %s', (_name, openStore) => {
  it('keeps an event with a copy for each target, and hands each copy out once', async () => {
    const store = await openStore();
    const notice = await store.addNotice(held, ['ana@example.com', 'webhook'], null, nine);
    expect(notice).toEqual({ ...held, id: 1, about: '', at: nine });
    expect(await store.claimCopies(nine, ten, 10)).toEqual([
      { notice, target: 'ana@example.com', tries: 0 },
      { notice, target: 'webhook', tries: 0 },
    ]);
    expect(await store.claimCopies(nine, ten, 10)).toEqual([]);
    expect(await store.claimCopies(ten, eleven, 1)).toHaveLength(1);
  });

  it('forgets a copy that arrived and counts the tries of one that did not', async () => {
    const store = await openStore();
    await store.addNotice(held, ['ana@example.com', 'webhook'], null, nine);
    const [toAna, toHook] = await store.claimCopies(nine, ten, 10);
    if (!toAna || !toHook) throw new Error('There are no copies.');
    await store.removeCopy(toAna);
    await store.deferCopy(toHook, eleven);
    expect(await store.claimCopies(ten, eleven, 10)).toEqual([]);
    expect(await store.claimCopies(eleven, eleven, 10)).toMatchObject([{ target: 'webhook', tries: 1 }]);
  });

  it('keeps an equal event once, or again when it has been quiet for long enough', async () => {
    const store = await openStore();
    await store.addNotice(held, [], null, nine);
    await store.addNotice(mailbox, [], null, nine);
    expect(await store.addNotice(held, [], null, eleven)).toBeNull();
    expect(await store.addNotice(mailbox, [], nine, ten)).toBeNull();
    expect(await store.addNotice(mailbox, [], ten, eleven)).not.toBeNull();
    expect(await store.addNotice({ ...held, editionId: 'weekly-2' }, [], null, nine)).not.toBeNull();
    expect(await store.addNotice({ ...held, about: 'clock' }, [], null, nine)).not.toBeNull();
    expect(await store.claimCopies(eleven, eleven, 10)).toEqual([]);
  });

  it('lists the notices of a kind since a time', async () => {
    const store = await openStore();
    await store.addNotice(held, [], null, nine);
    await store.addNotice({ ...mailbox, about: 'early' }, [], null, nine);
    const late = await store.addNotice(mailbox, [], null, ten);
    expect(await store.listNotices('mailbox', ten)).toEqual([late]);
  });
});
