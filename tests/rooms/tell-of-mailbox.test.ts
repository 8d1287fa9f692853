import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNotices } from '../../src/operators/index.ts';
import { tellOfMailbox } from '../../src/rooms/tell-of-mailbox.ts';
import { createNoticeStore, openDatabase } from '../../src/storage/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const never = new AbortController().signal;

describe('tellOfMailbox', () => {
  it('tells of no short trouble, of a lasting one once, and of the next one anew', async () => {
    const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
    onTestFinished(() => database.destroy());
    const clock = fixedClock('2026-11-27T12:00:00.000Z');
    const told: string[] = [];
    const notices = createNotices({
      store: createNoticeStore(database),
      targets: ['desk@courier.test'],
      channel: async (_, { sentence }) => void told.push(sentence),
      clock,
      log: { info() {}, warn() {}, error() {} },
    });
    const trouble = tellOfMailbox(notices, clock);
    const failing = async (times: number, sentence: string) => {
      for (let inARow = 1; inARow <= times; inARow += 1) trouble(sentence, inARow);
      await notices.tell({ kind: 'held', editionId: 'x', sentence: 'held', whatToDo: '' });
      await notices.sendDue(never);
    };
    await failing(1, 'it has closed the connection');
    await failing(12, 'no route');
    clock.set('2026-11-27T12:40:00.000Z');
    await failing(9, 'the password is refused');
    expect(told).toEqual(['held', 'no route', 'the password is refused']);
  });
});
