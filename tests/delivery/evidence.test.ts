import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createEvidence, createOutboxTransport, sendOne } from '../../src/delivery/index.ts';
import { addReaders, collect, freezeWeekly, manyReaders, openMailRoom, workerOn } from '../support/mailing.ts';
import { outboxAttempt as attempt } from '../support/outbox-mail.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('createEvidence', () => {
  it('knows whether a lost message is there, and clears away what its writer left', async () => {
    const { path } = await temporaryFolder();
    const transport = createOutboxTransport(path);
    const findEvidence = createEvidence(path);
    const { deliveryId, token, editionId, envelope } = attempt;
    const lost = { deliveryId, token, editionId, address: envelope.to, transport: 'outbox' };
    expect(await findEvidence(lost)).toBe('not_sent');
    await mkdir(join(path, 'weekly-1'));
    await writeFile(`${transport.pathOf(attempt)}.01234567.tmp`, 'Subject: Hel');
    expect(await findEvidence(lost)).toBe('not_sent');
    expect(await readdir(join(path, 'weekly-1'))).toEqual([]);
    await sendOne(transport, attempt);
    expect(await findEvidence(lost)).toBe('sent');
    expect(await findEvidence({ ...lost, transport: 'smtp://localhost:1' })).toBe('unknown');
  });

  it('tells a worker that sends by a relay what an outbox’s worker had written when it died', async () => {
    const { path } = await temporaryFolder();
    const room = await openMailRoom(path);
    onTestFinished(() => room.close());
    await addReaders(room, manyReaders(2));
    const { id } = await freezeWeekly(room);
    const now = systemClock.now();
    await room.ledger.registerWorker({
      id: 'dead',
      host: 'here',
      pid: 4711,
      transport: 'outbox',
      startedAt: now,
      heartbeatAt: now,
    });
    const leaseUntil = '2999-01-01T00:00:00.000Z';
    const outbox = { worker: 'dead', transport: 'outbox', limit: 2, now, leaseUntil, editionId: null };
    const claimed = await room.ledger.claim(outbox);
    await room.ledger.commit(
      claimed.map(({ deliveryId, token }) => ({ kind: 'begin', deliveryId, token, messageId: `<${deliveryId}@x>` })),
      now,
    );
    const [first] = claimed;
    if (!first) throw new Error('nothing was claimed');
    const { deliveryId, token, address: to } = first;
    const envelope = { ...attempt.envelope, to };
    await sendOne(createOutboxTransport(path), { ...attempt, deliveryId, token, editionId: id, envelope });
    await workerOn(
      room,
      { name: 'smtp://localhost:1', run: async () => {}, close: async () => {} },
      {
        findEvidence: createEvidence(path),
        ownProcess: { host: 'here', pid: process.pid, startedAt: now, isAlive: (pid) => pid !== 4711 },
      },
    ).runUntilIdle(null);
    const states = (await collect(room.ledger.listDeliveries(id))).map(({ id: of, state }) => [
      of === deliveryId,
      state,
    ]);
    expect(states.toSorted()).toEqual([
      [false, 'queued'],
      [true, 'sent'],
    ]);
  });
});
