import { describe, expect, it, onTestFinished } from 'vitest';
import { addReaders, freezeWeekly, manyReaders, openMailRoom } from '../support/mailing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('listSending', () => {
  it('lists an edition no more once this process has committed a pause, though it was listed while that was written', async () => {
    const folder = await temporaryFolder();
    const room = await openMailRoom(folder.path);
    onTestFinished(() => room.close());
    await addReaders(room, manyReaders(1));
    const { id } = await freezeWeekly(room);
    await room.database.transaction().execute(async (tx) => {
      expect(await room.ledger.listSending('outbox')).toEqual(new Set([id]));
      await tx.updateTable('edition').set({ state: 'paused' }).where('id', '=', id).execute();
    });
    expect(await room.ledger.listSending('outbox')).toEqual(new Set());
  });
});
