import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { addSubscriber, listSubscribersCommand, removeSubscriber } from '../../src/cli/subscribers.ts';
import { exportSubscribers } from '../../src/cli/subscribers-export.ts';
import { importSubscribers } from '../../src/cli/subscribers-import.ts';
import { sampleReaders } from '../../src/subscribers/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { openReaderStore } from '../support/reader-store.ts';
import { dispatchSite, weekly } from '../support/story-fixtures.ts';

async function openDesk() {
  const { store, folder } = await openReaderStore();
  const said: string[] = [];
  const output = new PassThrough();
  const printed = textOf(output);
  const desk = {
    store,
    site: dispatchSite,
    newsletters: [weekly, { ...weekly, name: 'daily' }],
    clock: fixedClock('2026-11-23T08:00:00Z'),
    terminal: { say: (text: string) => said.push(text), status: () => {} },
    output,
  };
  const results = (): Promise<string> => {
    output.end();
    return printed;
  };
  return { desk, said, results, folder };
}

describe('subscribers add', () => {
  it('adds an active reader of the first newsletter', async () => {
    const { desk, said } = await openDesk();
    const result = await addSubscriber(desk, ' ann@example.com ', {
      languages: ['FA'],
      countries: ['Armenia'],
      topics: ['energy'],
    });
    expect(result).toEqual({ exitCode: 0, email: 'ann@example.com', outcome: 'added', newsletters: ['weekly'] });
    expect(said).toEqual(['ann@example.com receives weekly from now on.']);
    expect((await desk.store.findByEmail('ann@example.com'))?.subscriber).toMatchObject({
      lang: 'fa',
      countries: ['armenia'],
      topics: ['energy'],
      state: 'active',
    });
  });

  it.each([
    [{ newsletters: ['weakly'] }, 'There is no newsletter "weakly". Did you mean weekly? Known: weekly, daily.'],
    [{ languages: ['de'] }, 'There is no language "de".'],
    [{ countries: ['atlantis'] }, 'Known: armenia, azerbaijan, georgia, iran.'],
    [{ topics: ['sport'] }, 'Known: security, energy.'],
  ])('names what there is: %j', async (options, sentence) => {
    const { desk } = await openDesk();
    await expect(addSubscriber(desk, 'ann@example.com', options)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(sentence),
    });
    expect(await desk.store.countSubscribers()).toBe(0);
  });

  it('refuses what isn’t one address, and says so of a suppressed one', async () => {
    const { desk, said } = await openDesk();
    await expect(addSubscriber(desk, 'a@example.com,b@example.com', {})).rejects.toThrow('more than one address');
    await desk.store.suppress('gone@example.com', 'complaint', desk.clock.now());
    expect(await addSubscriber(desk, 'gone@example.com', {})).toMatchObject({ exitCode: 1, outcome: 'suppressed' });
    expect(said).toEqual(['gone@example.com is suppressed and gets no mail; nothing is changed.']);
  });
});

describe('subscribers remove', () => {
  it('leaves everything, keeps the history, and may be said twice', async () => {
    const { desk } = await openDesk();
    await addSubscriber(desk, 'ann@example.com', { newsletters: ['weekly', 'daily'] });
    expect(await removeSubscriber(desk, 'ANN@example.com')).toMatchObject({ exitCode: 0, left: ['daily', 'weekly'] });
    expect(await removeSubscriber(desk, 'ann@example.com')).toMatchObject({ exitCode: 0, left: [] });
    const found = await desk.store.findByEmail('ann@example.com');
    expect(found?.subscriptions.map(({ state, source }) => [state, source])).toEqual([
      ['left', 'operator'],
      ['left', 'operator'],
    ]);
  });

  it('says that nobody has the address', async () => {
    const { desk } = await openDesk();
    await expect(removeSubscriber(desk, 'bob@example.com')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('subscribers list', () => {
  it.each(['text', 'json', 'jsonl'] as const)('prints %s', async (format) => {
    const { desk, results } = await openDesk();
    await addSubscriber(desk, 'b@example.com', { newsletters: ['daily'], countries: ['iran'] });
    await addSubscriber(desk, 'a@example.com', {});
    await removeSubscriber(desk, 'a@example.com');
    expect(await listSubscribersCommand(desk, { format })).toEqual({ exitCode: 0, count: 2 });
    const printed = await results();
    if (format === 'text') {
      expect(printed).toBe(
        'a@example.com\tactive\ten\tweekly (left)\teverything\nb@example.com\tactive\ten\tdaily\tiran\n',
      );
    } else {
      const rows =
        format === 'json'
          ? JSON.parse(printed)
          : printed
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line));
      expect(rows).toMatchObject([
        { email: 'a@example.com', subscriptions: [{ newsletter: 'weekly', state: 'left' }] },
        { email: 'b@example.com', countries: ['iran'], subscriptions: [{ newsletter: 'daily', state: 'active' }] },
      ]);
    }
  });

  it('prints an empty document where nobody is, and only a newsletter’s readers where one is named', async () => {
    const empty = await openDesk();
    await listSubscribersCommand(empty.desk, { format: 'json' });
    expect(JSON.parse(await empty.results())).toEqual([]);
    const { desk } = await openDesk();
    await addSubscriber(desk, 'a@example.com', {});
    expect(await listSubscribersCommand(desk, { newsletter: 'daily' })).toMatchObject({ count: 0 });
    expect(await listSubscribersCommand(desk, { newsletter: 'weekly' })).toMatchObject({ count: 1 });
    await expect(listSubscribersCommand(desk, { newsletter: 'x' })).rejects.toThrow('Known: weekly, daily.');
  });
});

describe('subscribers import and export', () => {
  it('say which lines of the file were left out, and exit with 1', async () => {
    const { desk, said, folder } = await openDesk();
    const file = join(folder, 'readers.csv');
    await writeFile(file, 'email,nick\nann@example.com,a\nbroken,b\n');
    const { exitCode, result } = await importSubscribers(desk, file, { consent: 'The fair.' });
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ added: 1, refused: 1 });
    expect(said).toEqual([
      'A list of readers. Columns used: email.',
      'Columns not used: nick',
      `${file}:3: email: The address lacks an @.`,
      '2 rows: 1 added, 0 changed, 0 as they were, 0 have left and stay out, 0 suppressed, 1 left out.',
    ]);
  });

  it('pass readers on', async () => {
    const { desk, results, folder } = await openDesk();
    await desk.store.addSubscribers(sampleReaders(dispatchSite, 'weekly'), desk.clock.now());
    expect(await exportSubscribers(desk, {})).toEqual({ exitCode: 0, count: 3 });
    const file = join(folder, 'readers.csv');
    await writeFile(file, await results());
    const second = await openDesk();
    const { exitCode } = await importSubscribers(second.desk, file, { consent: 'Moved.', newsletter: ['daily'] });
    expect(exitCode).toBe(0);
    expect(await second.desk.store.countReaders('weekly', second.desk.clock.now())).toBe(3);
  });

  it('say that a file isn’t there', async () => {
    const { desk, folder } = await openDesk();
    await expect(importSubscribers(desk, join(folder, 'none.csv'), { consent: 'x' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining("none.csv can't be read"),
    });
    await expect(importSubscribers(desk, folder, { consent: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('sampleReaders', () => {
  it('are three, at reserved addresses, in languages that the publication has', () => {
    expect(sampleReaders(dispatchSite, 'weekly').map(({ email, languages }) => [email, ...languages])).toEqual([
      ['ann@example.com', 'en'],
      ['anahit@example.com', 'hy'],
      ['anahita@example.com', 'fa'],
    ]);
    const french = sampleReaders({ ...dispatchSite, languages: ['fr', 'fa'] }, 'weekly');
    expect(french.flatMap(({ languages }) => languages)).toEqual(['fr', 'fr', 'fa']);
  });
});
