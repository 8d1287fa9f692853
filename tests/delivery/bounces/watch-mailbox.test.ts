import { describe, expect, it, onTestFinished } from 'vitest';
import { readMailbox, watchMailbox } from '../../../src/delivery/bounces/watch-mailbox.ts';
import { parseMailboxUrl } from '../../../src/delivery/index.ts';
import { deliveryKey } from '../../../src/subscribers/index.ts';
import { bounceMail, bounceMailAbout } from '../../support/bounce-mail.ts';
import {
  addKeyedReaders,
  openBounceRoom,
  sendWeekly,
  standing,
  subjectOf,
  type TestBounceRoom,
} from '../../support/bounce-room.ts';
import { type ImapOptions, type ImapServer, imapCaFile, startImapServer } from '../../support/imap-server.ts';

interface Watched {
  readonly room: TestBounceRoom;
  readonly server: ImapServer;
  readonly troubles: string[];
  /** For each trouble, how many there were in a row. */
  readonly inARow: readonly number[];
  /** The genuine report of a delivery to ana@example.com. */
  readonly report: Buffer;
  watch(url?: string): { stop(): Promise<void> };
}

async function open(options: ImapOptions = {}): Promise<Watched> {
  const room = await openBounceRoom();
  await addKeyedReaders(room, ['ana@example.com']);
  const [delivery] = await sendWeekly(room);
  if (!delivery) throw new Error('nothing was sent');
  const server = await startImapServer(options);
  const troubles: string[] = [];
  const inARow: number[] = [];
  return {
    room,
    server,
    troubles,
    inARow,
    report: bounceMailAbout('postfix-unknown-user', deliveryKey(room.keys), subjectOf(delivery)),
    watch(url = `imap://bounces:secret@127.0.0.1:${server.port}`) {
      const stopping = new AbortController();
      const mailbox = { server: parseMailboxUrl(url), folder: 'INBOX', handled: 'Silkpost', pollMs: 50 };
      const watching = watchMailbox(
        {
          mailbox,
          desk: room.desk,
          arrivals: room.arrivals,
          onTrouble(sentence, times) {
            troubles.push(sentence);
            inARow.push(times);
          },
          retryMs: 1,
        },
        stopping.signal,
      );
      const stop = async (): Promise<void> => {
        stopping.abort();
        await watching;
      };
      onTestFinished(stop);
      return { stop };
    },
  };
}

const inFolder = ({ folders }: ImapServer, name: string): number => folders.get(name)?.length ?? 0;

describe('watchMailbox', () => {
  it('keeps a report before it moves it, and acts on it', async () => {
    const { room, server, report, watch, troubles } = await open();
    server.deliver(report);
    watch();
    await server.waitFor(() => inFolder(server, 'Silkpost') === 1);
    expect(inFolder(server, 'INBOX')).toBe(0);
    expect(await standing(room, 'ana@example.com')).toBe('suppressed address_gone');
    expect(troubles).toEqual([]);
    expect(server.commands.filter((command) => /^(UID FETCH .*BODY|UID MOVE|UID STORE)/.test(command))).toEqual([
      'UID FETCH 1 (UID BODY.PEEK[]<0.1048576>)',
      'UID MOVE 1 Silkpost',
    ]);
  });

  it('leaves what people wrote where it is, unseen, and asks for it once', async () => {
    const { server, report, watch } = await open();
    server.deliver(bounceMail('reply'));
    server.deliver(report);
    const first = watch();
    await server.waitFor(() => inFolder(server, 'Silkpost') === 1);
    await first.stop();
    expect(server.folders.get('INBOX')?.map(({ flags }) => [...flags])).toEqual([[]]);
    const before = server.commands.filter((command) => command.includes('BODY')).length;
    watch();
    server.deliver(bounceMail('qmail'));
    await server.waitFor(() => inFolder(server, 'Silkpost') === 2);
    expect(server.commands.filter((command) => command.includes('BODY'))).toHaveLength(before + 1);
  });

  it('reads once what is there, and says where it can’t', async () => {
    const { room, server, report } = await open();
    server.deliver(report);
    const reading = (url: string) => ({
      mailbox: { server: parseMailboxUrl(url), folder: 'INBOX', handled: 'Silkpost', pollMs: 50 },
      desk: room.desk,
      arrivals: room.arrivals,
    });
    const { signal } = new AbortController();
    await readMailbox(reading(`imap://bounces:secret@127.0.0.1:${server.port}`), signal);
    expect(inFolder(server, 'Silkpost')).toBe(1);
    await expect(readMailbox(reading(`imap://bounces:wrong@127.0.0.1:${server.port}`), signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('refuses the user name'),
    });
  });

  it.each([true, false])('hears of new mail while it waits (IDLE: %s)', async (idle) => {
    const { server, report, watch } = await open({ idle });
    watch();
    await server.waitFor(() => server.commands.some((command) => /^(IDLE|NOOP|UID FETCH)/.test(command)));
    server.deliver(report);
    await server.waitFor(() => inFolder(server, 'Silkpost') === 1);
  });

  it('loses nothing where the connection ends at any command, and takes nothing twice', async () => {
    // Each connection gets a few commands further than the one before, and then dies.
    let left = 3;
    let next = 4;
    const kills = (): boolean => {
      left -= 1;
      if (left > 0) return false;
      left = next;
      next = next === 16 ? 3 : next + 1;
      return true;
    };
    const { room, server, troubles, watch } = await open({ kills });
    const texts = Array.from({ length: 60 }, (_, index) =>
      Buffer.concat([bounceMail('qmail'), Buffer.from(`${index}\r\n`)]),
    );
    for (const text of texts) server.deliver(text);
    watch();
    await server.waitFor(() => inFolder(server, 'Silkpost') === 60);
    expect(troubles.length).toBeGreaterThan(0);
    const kept = await room.arrivals.listArrivals({ states: ['handled', 'ignored', 'quarantined', 'new'], limit: 100 });
    expect(kept).toHaveLength(60);
  });

  it('lets a report that can’t be moved keep nobody waiting, and moves it once it can', async () => {
    let isFull = true;
    const { room, server, report, watch, troubles } = await open({ keeps: (uid) => isFull && uid === 2 });
    for (const raw of [bounceMail('qmail'), report, bounceMail('exim-text')]) server.deliver(raw);
    watch();
    await server.waitFor(() => inFolder(server, 'Silkpost') === 2);
    expect(await standing(room, 'ana@example.com')).toBe('suppressed address_gone');
    server.deliver(bounceMail('vacation-outlook'));
    await server.waitFor(() => inFolder(server, 'Silkpost') === 3);
    await expect
      .poll(() => troubles.at(-1))
      .toMatch(/^One report in the bounce mailbox at .* can’t be moved to Silkpost/);
    expect(server.folders.get('INBOX')?.map(({ uid }) => uid)).toEqual([2]);
    isFull = false;
    await server.waitFor(() => inFolder(server, 'Silkpost') === 4);
    // None was asked for a second time.
    const bodies = server.commands
      .filter((command) => command.includes('BODY'))
      .flatMap((command) => command.split(' ')[2]);
    expect(
      bodies
        .join()
        .split(/[,:]/)
        .filter((uid) => uid === '2').length,
    ).toBeLessThanOrEqual(1);
  });

  it('says of each look where reports can’t be moved, and moves them at the next that can', async () => {
    let isFull = true;
    const { room, server, report } = await open({ keeps: (uid) => isFull && uid > 1 });
    for (const raw of [bounceMail('qmail'), report, bounceMail('exim-text')]) server.deliver(raw);
    const url = `imap://bounces:secret@127.0.0.1:${server.port}`;
    const mailbox = { server: parseMailboxUrl(url), folder: 'INBOX', handled: 'Silkpost', pollMs: 50 };
    const look = () => readMailbox({ mailbox, desk: room.desk, arrivals: room.arrivals }, new AbortController().signal);
    for (const times of [1, 2]) {
      await expect(look(), `look ${times}`).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/^2 reports .* can’t be moved/),
      });
    }
    expect(await standing(room, 'ana@example.com')).toBe('suppressed address_gone');
    isFull = false;
    await look();
    expect(inFolder(server, 'INBOX')).toBe(0);
    expect(inFolder(server, 'Silkpost')).toBe(3);
  });

  it('says what is wrong without the password, and goes on once it is mended', async () => {
    const { server, troubles, inARow, watch } = await open();
    const wrong = watch(`imap://bounces:wrong@127.0.0.1:${server.port}`);
    await server.waitFor(() => troubles.length > 1);
    await wrong.stop();
    expect(troubles[0]).toBe(
      `The bounce mailbox at imap://127.0.0.1:${server.port} can’t be read: it refuses the user name or the password.`,
    );
    expect(inARow.slice(0, 2)).toEqual([1, 2]);
    server.deliver(bounceMail('qmail'));
    watch();
    await server.waitFor(() => inFolder(server, 'Silkpost') === 1);
    // A server that closes the connection now and then is no lasting trouble.
    for (let drops = 1; drops <= 2; drops += 1) {
      const before = inARow.length;
      server.drop();
      await expect.poll(() => inARow.slice(before)).toEqual([1]);
      server.deliver(bounceMail('qmail'));
      await server.waitFor(() => inFolder(server, 'Silkpost') === 1 + drops);
    }
  });

  it('says that a server speaks no TLS from the first byte', async () => {
    const { server, troubles, watch } = await open();
    watch(`imaps://bounces:secret@localhost:${server.port}`);
    await expect
      .poll(() => troubles[0])
      .toMatch(/can’t be read: what answers there speaks no TLS from the first byte /);
  });

  it('speaks TLS only with a certificate that it can trust', async () => {
    const { server, troubles, report, watch } = await open({ tls: true });
    server.deliver(report);
    const url = `imaps://bounces:secret@localhost:${server.port}`;
    const distrusting = watch(url);
    await expect.poll(() => troubles[0]).toMatch(/its certificate isn’t trusted \([A-Z_]+\); \?ca=FILE names/);
    await distrusting.stop();
    expect(server.commands).toEqual([]);
    watch(`${url}?ca=${imapCaFile}`);
    await server.waitFor(() => inFolder(server, 'Silkpost') === 1);
  });
});
