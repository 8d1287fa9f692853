import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOutboxTransport, sendOne } from '../../../src/delivery/index.ts';
import { outboxName } from '../../../src/delivery/outbox/outbox-files.ts';
import { addReaders, freezeWeekly, openMailRoom, workerOn } from '../../support/mailing.ts';
import { outboxAttempt as attempt } from '../../support/outbox-mail.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('createOutboxTransport', () => {
  it('writes the message and beside it the envelope', async () => {
    const { path } = await temporaryFolder();
    const transport = createOutboxTransport(path);
    expect(await sendOne(transport, attempt)).toMatchObject({ kind: 'sent' });
    const names = await readdir(join(path, 'weekly-1'));
    expect(names.sort()).toEqual(['12-a%2Fb%2Bc%40example.com.eml', '12-a%2Fb%2Bc%40example.com.json']);
    expect(transport.pathOf(attempt)).toBe(join(path, 'weekly-1', '12-a%2Fb%2Bc%40example.com.eml'));
    expect(await readFile(transport.pathOf(attempt), 'utf8')).toBe('Subject: Hello\r\n\r\nHello\r\n');
    expect(JSON.parse(await readFile(transport.pathOf(attempt).replace(/eml$/, 'json'), 'utf8'))).toEqual({
      from: 'digest@dispatch.example',
      to: 'a/b+c@example.com',
      kind: 'digest',
      newsletter: 'weekly',
      edition: 'weekly-1',
      delivery: 12,
    });
  });

  it('puts test copies into a folder of their own, each a file', async () => {
    const { path } = await temporaryFolder();
    const transport = createOutboxTransport(path);
    for (const token of ['11111111-1', '22222222-2'])
      await sendOne(transport, { ...attempt, deliveryId: 0, kind: 'test', token });
    const names = (await readdir(join(path, 'test'))).filter((name) => name.endsWith('.eml'));
    expect(names.sort()).toEqual(['11111111-a%2Fb%2Bc%40example.com.eml', '22222222-a%2Fb%2Bc%40example.com.eml']);
  });

  it('says so where it cannot write, and keeps the delivery', async () => {
    const { path } = await temporaryFolder();
    await writeFile(join(path, 'outbox'), 'in the way');
    const room = await openMailRoom(path);
    onTestFinished(() => room.close());
    await addReaders(room, [{ email: 'one@example.com' }]);
    const { id } = await freezeWeekly(room);
    const worker = workerOn(room, createOutboxTransport(join(path, 'outbox')));
    await expect(worker.runUntilIdle(id)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining("can't be written"),
    });
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 1 });
  });

  it('holds complete messages that a mail program reads', async () => {
    const { path } = await temporaryFolder();
    const room = await openMailRoom(path);
    onTestFinished(() => room.close());
    await addReaders(room, [{ email: 'ani@example.com', name: 'Անի', lang: 'fa' }]);
    const { id } = await freezeWeekly(room);
    await workerOn(room, createOutboxTransport(join(path, 'outbox'))).runUntilIdle(id);
    const mail = await simpleParser(await readFile(join(path, 'outbox', id, '1-ani%40example.com.eml')));
    expect(mail.subject).toBe('Title of armenia');
    expect(mail.to).toMatchObject({ value: [{ address: 'ani@example.com', name: 'Անի' }] });
    expect(mail.headers.get('content-language')).toBe('fa');
    expect(mail.text).toContain('Leave: https://dispatch.example/unsubscribe/weekly.1?a=1&b=2\n');
    expect(mail.text).toContain('Choose: https://dispatch.example/preferences/1.');
    expect(mail.html).toContain('href="https://dispatch.example/unsubscribe/weekly.1?a=1&amp;b=2"');
    expect(mail.headers.get('list')).toMatchObject({
      unsubscribe: { url: 'https://dispatch.example/unsubscribe/weekly.1?a=1&b=2' },
      'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
    });
  });
});

describe('outboxName', () => {
  it('is one safe file name for any address, at most 80 bytes of it, with no escape cut in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (address) => {
        const name = outboxName('7', address);
        expect(name).toMatch(/^7-[A-Za-z0-9\-_.!~*'()%]*$/);
        expect(name.length).toBeLessThanOrEqual(82);
        expect(name.replace(/%[0-9A-F]{2}/g, '')).not.toContain('%');
      }),
    );
  });
});
