import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNotices, type NoticeChannel, type NoticeEvent, postNotice } from '../../src/operators/index.ts';
import { createNoticeStore, openDatabase } from '../../src/storage/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const noon = '2026-11-27T12:00:00.000Z';
const never = new AbortController().signal;
const event: NoticeEvent = { kind: 'mailbox', editionId: null, sentence: 'The mailbox is gone.', whatToDo: 'Look.' };

async function newsroom(targets: readonly string[], channel: NoticeChannel) {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  const clock = fixedClock(noon);
  const said: string[] = [];
  const note = (word: string, fields?: Readonly<Record<string, unknown>>) =>
    void said.push(`${word}: ${fields?.['message']}`);
  const log = { info: note, warn: note, error: note };
  const options = { store: createNoticeStore(database), targets, channel, clock, log };
  return { clock, said, options, notices: createNotices(options) };
}

describe('createNotices', () => {
  it('tells each target once, and says it in the log', async () => {
    const told: string[] = [];
    const { notices, said } = await newsroom(['ana@example.com', 'webhook'], async (target, notice) => {
      told.push(`${target}: ${notice.sentence}`);
    });
    await notices.tell(event);
    await notices.tell(event);
    await notices.sendDue(never);
    await notices.sendDue(never);
    expect(told).toEqual(['ana@example.com: The mailbox is gone.', 'webhook: The mailbox is gone.']);
    expect(said).toEqual(['notice: The mailbox is gone. Look.']);
  });

  it('tries again later and later what could not be told, also after a restart, and gives up after three days', async () => {
    let tries = 0;
    const { options, notices, clock, said } = await newsroom(['ana@example.com'], async () => {
      tries += 1;
      throw new Error('no relay');
    });
    await notices.tell(event);
    await notices.sendDue(never);
    await notices.sendDue(never);
    expect(tries).toBe(1);
    clock.set('2026-11-27T12:01:00.000Z');
    await createNotices(options).sendDue(never);
    expect(tries).toBe(2);
    clock.set('2026-11-27T12:05:00.000Z');
    await notices.sendDue(never);
    expect(tries).toBe(2);
    clock.set('2026-11-27T12:06:00.000Z');
    await notices.sendDue(never);
    expect(tries).toBe(3);
    clock.set('2026-12-01T12:00:00.000Z');
    await notices.sendDue(never);
    clock.set('2026-12-02T12:00:00.000Z');
    await notices.sendDue(never);
    expect(tries).toBe(4);
    expect(said.at(-1)).toContain('given up');
  });

  it('says again what lasts, six hours later', async () => {
    const { notices, clock, said } = await newsroom([], async () => {});
    await notices.tell(event);
    clock.set('2026-11-27T17:59:00.000Z');
    await notices.tell(event);
    expect(said).toHaveLength(1);
    clock.set('2026-11-27T18:01:00.000Z');
    await notices.tell(event);
    expect(said).toHaveLength(2);
  });

  it('leaves out whoever is no longer in the configuration', async () => {
    const told: string[] = [];
    const { notices, options } = await newsroom(['ana@example.com', 'ben@example.com'], async (target) => {
      told.push(target);
    });
    await notices.tell(event);
    await createNotices({ ...options, targets: ['ben@example.com'] }).sendDue(never);
    expect(told).toEqual(['ben@example.com']);
  });
});

describe('postNotice', () => {
  async function hook(status: number) {
    const requests: { headers: Record<string, unknown>; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        requests.push({ headers: request.headers, body });
        response.writeHead(status, { location: '/elsewhere' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => void server.close(() => resolve(undefined))));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/notices?to=desk`, requests };
  }

  const secret = 'a secret of the newsroom';
  const notice = { ...event, id: 7, about: '', at: noon };

  it('posts the notice, signed over the time and the body', async () => {
    const { url, requests } = await hook(204);
    await postNotice({ url, secret }, 'The Courier', notice, fixedClock(noon), never);
    const [request] = requests;
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id: 7,
      kind: 'mailbox',
      edition: null,
      at: noon,
      sentence: 'The mailbox is gone.',
      whatToDo: 'Look.',
      publication: 'The Courier',
    });
    const timestamp = request?.headers['silkpost-timestamp'];
    expect(timestamp).toBe(String(Date.parse(noon) / 1000));
    const expected = createHmac('sha256', secret).update(`${timestamp}.${request?.body}`).digest('hex');
    expect(request?.headers['silkpost-signature']).toBe(`v1=${expected}`);
  });

  it.each([500, 301])('rejects with a sentence for an answer of %i', async (status) => {
    const { url, requests } = await hook(status);
    const posted = postNotice({ url, secret }, 'The Courier', notice, fixedClock(noon), never);
    await expect(posted).rejects.toThrow(`the webhook answers ${status}`);
    expect(requests).toHaveLength(1);
  });

  it('rejects with a sentence where nobody listens', async () => {
    const posted = postNotice({ url: 'http://127.0.0.1:1/', secret }, 'The Courier', notice, fixedClock(noon), never);
    await expect(posted).rejects.toThrow('the webhook can’t be reached');
  });
});
