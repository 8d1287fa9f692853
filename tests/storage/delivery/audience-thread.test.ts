import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AudienceRequest } from '../../../src/delivery/index.ts';
import { everybody } from '../../../src/digest/index.ts';
import { openAudienceThread } from '../../../src/storage/index.ts';
import { addReaders, openMailRoom } from '../../support/mailing.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';
const request: AudienceRequest = {
  newsletter: 'weekly',
  rhythms: ['each'],
  audience: everybody,
  excludeReserved: true,
  past: [],
  now,
};

describe('openAudienceThread', () => {
  it('counts as the store in this thread does, however many groups there are, and tells how far it is', async () => {
    const folder = await temporaryFolder();
    const room = await openMailRoom(folder.path);
    onTestFinished(() => room.close());
    const readers = Array.from({ length: 2100 }, (_, index) => ({
      email: `reader-${index}@${index % 3 === 0 ? 'example.com' : 'gazette.example.org.uk'}`,
      countries: [`country-${index % 700}`],
    }));
    await addReaders(room, readers);
    const thread = openAudienceThread(join(folder.path, 'silkpost.db'));
    onTestFinished(() => thread.close());
    const told: number[] = [];
    const groups = await thread.listAudience({ ...request, onProgress: (count) => told.push(count) });
    expect(groups.length).toBeGreaterThan(500);
    expect(groups).toEqual(await room.audience.listAudience(request));
    expect(told).toEqual([2000, 2100]);
  });

  it('says why it can’t count', async () => {
    const folder = await temporaryFolder();
    const thread = openAudienceThread(join(folder.path, 'nowhere', 'silkpost.db'));
    onTestFinished(() => thread.close());
    await expect(thread.listAudience(request)).rejects.toThrow('unable to open database file');
  });

  it('gives up what it counts when it is closed, and counts nothing more', async () => {
    const folder = await temporaryFolder();
    const room = await openMailRoom(folder.path);
    onTestFinished(() => room.close());
    const thread = openAudienceThread(join(folder.path, 'silkpost.db'));
    const counting = expect(thread.listAudience(request)).rejects.toMatchObject({ code: 'unavailable' });
    await thread.close();
    await counting;
    await expect(thread.listAudience(request)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
