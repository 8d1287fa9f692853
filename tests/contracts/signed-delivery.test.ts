import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createDkimSigner, createNodemailerTransport, createSmtpTransport } from '../../src/delivery/index.ts';
import { bothPass, dkimKeys, verifyDkim } from '../support/dkim.ts';
import { addReaders, composerOf, freezeWeekly, manyReaders, openMailRoom, workerOn } from '../support/mailing.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe.each([
  ['smtp', createSmtpTransport],
  ['nodemailer', createNodemailerTransport],
])('the transport %s', (_, createTransport) => {
  it('hands each reader a message that passes by both signatures', async () => {
    const room = await openMailRoom((await temporaryFolder()).path);
    try {
      const sink = await startSmtpSink({ pipelining: true });
      const limits = { connections: 3, messagesPerConnection: 5, ratePerSecond: 1000, drainMs: 1000 };
      const transport = createTransport({ relay: sink.relay, ...limits });
      await addReaders(room, manyReaders(20));
      await freezeWeekly(room, { transport: transport.name });
      const compose = composerOf(room, systemClock, createDkimSigner(dkimKeys(), systemClock));
      await workerOn(room, transport, { compose }).runUntilIdle(null);
      expect(sink.accepted).toHaveLength(20);
      for (const { content } of sink.accepted) {
        expect(await verifyDkim(Buffer.from(content, 'latin1'), dkimKeys())).toEqual(bothPass);
      }
      await transport.close();
    } finally {
      await room.close();
    }
  });
});
