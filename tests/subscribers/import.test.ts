import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportSubscribers } from '../../src/subscribers/export.ts';
import { guardFormula, unguardFormula } from '../../src/subscribers/formula-guard.ts';
import { type ImportedRow, type ImportOptions, importSubscribers } from '../../src/subscribers/import.ts';
import { nextBatch } from '../../src/subscribers/import-pace.ts';
import type { SubscriberStore } from '../../src/subscribers/index.ts';
import { parsePersonName } from '../../src/subscribers/reader-fields.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

const clock = fixedClock('2026-11-23T08:00:00Z');
const choices = {
  languages: ['en', 'hy', 'fa'],
  countries: ['armenia', 'georgia', 'iran'],
  topics: ['security', 'energy'],
  newsletters: ['weekly', 'daily'],
};

async function importText(
  store: Pick<SubscriberStore, 'addSubscribers'>,
  text: string | Uint8Array,
  changes: Partial<ImportOptions> = {},
) {
  const rows: ImportedRow[] = [];
  let ignored: readonly string[] = [];
  let format: string | null = null;
  async function* input(): AsyncGenerator<string | Uint8Array> {
    yield text;
  }
  const result = await importSubscribers({
    input: input(),
    consent: 'Sign-up sheets of the fair.',
    choices,
    newsletters: ['weekly'],
    store,
    clock,
    onRows: (batch) => void rows.push(...batch),
    onHeader(header) {
      ignored = header.ignored;
      format = header.format.name;
    },
    ...changes,
  });
  const problems = rows.filter(({ outcome }) => outcome === 'refused');
  return { result, problems, rows, ignored, format };
}

async function exported(store: SubscriberStore): Promise<string> {
  const output = new PassThrough();
  const text = textOf(output);
  await exportSubscribers(store.exportSubscribers(), output);
  output.end();
  return await text;
}

describe('importSubscribers', () => {
  it('imports every column', async () => {
    const { store, database } = await openReaderStore();
    const { result, problems, ignored } = await importText(
      store,
      '\ufeffEmail;name;LANG;countries;topics;newsletters;timezone;status;Notes\r\n' +
        'ann@example.com;Ann Reader;fa-IR;"Iran; armenia";security;"weekly;daily";Asia/Tehran;active;x\r\n' +
        'bob@example.com\r\n',
    );
    expect(problems).toEqual([]);
    expect(result).toMatchObject({ rows: 2, added: 2, refused: 0 });
    expect(ignored).toEqual(['Notes']);
    const ann = await store.findByEmail('ann@example.com');
    expect(ann?.subscriber).toMatchObject({
      name: 'Ann Reader',
      lang: 'fa',
      countries: ['armenia', 'iran'],
      topics: ['security'],
      timezone: 'Asia/Tehran',
    });
    expect(ann?.subscriptions.map(({ newsletter }) => newsletter)).toEqual(['daily', 'weekly']);
    const bob = await store.findByEmail('bob@example.com');
    expect(bob?.subscriber).toMatchObject({ name: null, lang: 'en', countries: [], timezone: null });
    expect(bob?.subscriptions).toMatchObject([{ newsletter: 'weekly', state: 'active', source: 'import' }]);
    expect(await database.selectFrom('consent').select('wording').distinct().execute()).toEqual([
      { wording: 'Sign-up sheets of the fair.' },
    ]);
  });

  it('reports bad rows by line and field and imports the rest', async () => {
    const { store } = await openReaderStore();
    const rows = [
      'email,name,lang,countries,topics,newsletters,timezone,status',
      'good@example.com,,,,,,,',
      'no-at,,,,,,,',
      '"a@example.com,b@example.com",,,,,,,',
      'c@example.com,"Ann\u202e",,,,,,',
      'd@example.com,,xx,,,,,',
      'e@example.com,,,atlantis,,,,',
      'f@example.com,,,,securty,,,',
      'g@example.com,,,,,monthly,,',
      'h@example.com,,,,,,Mars/Base,',
      'i@example.com,,,,,,,who knows',
      'j@example.com,,,,,,,pending',
      'k@example.com,,,,,,,,,extra',
      '"open@example.com,,,,,,,',
      ',Nobody,,,,,,',
      '"l@example.com","two\nlines",,,,,,',
      'last@example.com,,,,,,,',
    ];
    const { result, problems } = await importText(store, rows.join('\n'));
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [3, 'email'],
      [4, 'email'],
      [5, 'name'],
      [6, 'lang'],
      [7, 'countries'],
      [8, 'topics'],
      [9, 'newsletters'],
      [10, 'timezone'],
      [11, 'status'],
      [12, 'status'],
      [13, null],
      [14, null],
      [15, 'email'],
      [16, 'name'],
    ]);
    expect(problems[4]?.reason).toBe('There is no country "atlantis". Known: armenia, georgia, iran.');
    expect(problems[5]?.reason).toContain('Did you mean security?');
    expect(problems.at(-1)?.reason).toContain('runs to line 17');
    expect(result).toMatchObject({ rows: 16, refused: 14, added: 2 });
    expect(await store.findByEmail('last@example.com')).not.toBeNull();
  });

  it('loses one row each to what no list of readers holds, and none after it', async () => {
    const { store } = await openReaderStore();
    const rows = [
      'email,name,notes',
      'nul@example.com,Ann\0,',
      'unused@example.com,Ann,x\0y',
      `wide@example.com,${'x,'.repeat(100_000)}`,
      `long@example.com,${'x'.repeat(300_000)}`,
      'quote@example.com,"x" y,',
      'open@example.com,"x,',
      'dir@example.com,\u202eAnn,',
      'two@example.com bob@example.com,,',
      'last@example.com,Last,',
    ];
    const { result, problems } = await importText(store, rows.join('\r\n'));
    expect(result).toMatchObject({ rows: 9, added: 1, refused: 8 });
    expect(problems.map(({ line, field, reason }) => `${line} ${field ?? '-'}: ${reason}`)).toEqual([
      '2 name: The cell holds a NUL character; remove it.',
      '3 notes: The cell holds a NUL character; remove it.',
      expect.stringMatching(/^4 -: The row has 100002 cells, the first line 3/),
      expect.stringMatching(/^5 -: The line is longer than 256 KB/),
      expect.stringMatching(/^6 -: A quote stands where none may/),
      expect.stringMatching(/^7 -: A quote is opened and never closed/),
      expect.stringMatching(/^8 name: /),
      expect.stringMatching(/^9 email: The address holds a space/),
    ]);
  });

  it('adds nobody from a file that has its first line alone', async () => {
    const { store } = await openReaderStore();
    expect((await importText(store, 'email,name\n')).result).toMatchObject({ rows: 0, added: 0, refused: 0 });
  });

  it('understands times as exports write them, and refuses others', async () => {
    const { store } = await openReaderStore();
    const times = [
      ['2024-03-01', '2024-03-01T00:00:00.000Z'],
      ['2024-03-01 09:30', '2024-03-01T09:30:00.000Z'],
      ['2024-03-01T09:30:15.123456+04:00', '2024-03-01T05:30:15.123Z'],
      ['2024-03-01 09:30:15.5 +0400 +04', '2024-03-01T05:30:15.500Z'],
      ['2024-03-01 09:30:15 UTC', '2024-03-01T09:30:15.000Z'],
      ['2099-01-01', clock.now()],
      ['03/01/2024', null],
      ['2024-13-01', null],
      ['yesterday', null],
    ] as const;
    const rows = times.map(([text], index) => `r${index}@example.com,${text}`);
    const { problems } = await importText(store, `email,created_at\n${rows.join('\n')}\n`);
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [8, 'created_at'],
      [9, 'created_at'],
      [10, 'created_at'],
    ]);
    for (const [index, [, expected]] of times.entries()) {
      const found = await store.findByEmail(`r${index}@example.com`);
      expect(found?.subscriber.createdAt ?? null).toBe(expected === null ? null : new Date(expected).toISOString());
    }
  });

  it('reports a row with bytes that aren’t UTF-8', async () => {
    const { store } = await openReaderStore();
    const latin1 = Buffer.from('email,name\nrené@example.com,\na@example.com,Ren\xe9\nb@example.com,Ann\n', 'latin1');
    const { problems, result } = await importText(store, latin1);
    expect(problems.map(({ line, field }) => [line, field])).toEqual([
      [2, 'email'],
      [3, 'name'],
    ]);
    expect(result.added).toBe(1);
  });

  it('makes nobody a reader who must not be', async () => {
    const { store } = await openReaderStore();
    await store.suppress('suppressed@example.com', 'complaint', clock.now());
    await store.addSubscribers([newReader('gone@example.com'), newReader('here@example.com')], clock.now());
    await store.leaveAll((await store.findByEmail('gone@example.com'))?.subscriber.id ?? 0, 'page', clock.now());
    const { result } = await importText(
      store,
      'email,status\nsuppressed@example.com,\ngone@example.com,active\nx@example.com,unsubscribed\ny@example.com,LEFT\n' +
        'z@example.com,bounced\nhere@example.com,unsubscribed\n',
    );
    expect(result).toMatchObject({ suppressed: 2, left: 4, added: 0, updated: 0, unchanged: 0 });
    expect(await store.isSuppressed('z@example.com')).toBe(true);
    expect(await store.countReaders('weekly', clock.now())).toBe(0);
    expect(await store.countReaders('daily', clock.now())).toBe(0);
  });

  it('changes nothing when the same file comes again', async () => {
    const { store } = await openReaderStore();
    const file = 'email,name,status\nann@example.com,Ann,\nbob@example.com,Bob,left\n';
    expect((await importText(store, file)).result).toMatchObject({ added: 1, left: 1 });
    expect((await importText(store, file)).result).toMatchObject({ added: 0, updated: 0, unchanged: 1, left: 1 });
  });

  it.each([
    ['', 'is empty'],
    ['name,lang\nAnn,en\n', 'no column email'],
    ['email,EMAIL\na@example.com,b@example.com\n', 'two columns email'],
    [Buffer.from('email;Prénom\na@example.com;Ann\n', 'latin1'), 'UTF-8'],
    [Buffer.from('PK\u0003\u0004xl/worksheets'), 'a spreadsheet or a ZIP file'],
    [`${'a,'.repeat(1_000_000)}email\n`, 'Line 1, which names the columns'],
  ])('refuses a file whose first line is wrong: %j', async (file, sentence) => {
    const { store } = await openReaderStore();
    await expect(importText(store, file)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(sentence),
    });
    expect(await store.countSubscribers()).toBe(0);
  });

  it('asks where the consent came from', async () => {
    const { store } = await openReaderStore();
    await expect(importText(store, 'email\na@example.com\n', { consent: '  ' })).rejects.toThrow('--consent');
  });

  it('adds some hundreds at a time, fewer where they take long, and tells how far it is', async () => {
    const { store } = await openReaderStore();
    const batches: number[] = [];
    const progress: number[] = [];
    const rows = Array.from({ length: 1203 }, (_, index) => `r${index}@example.com`);
    const { result } = await importText(
      {
        addSubscribers: (subscribers, now) => {
          batches.push(subscribers.length);
          return store.addSubscribers(subscribers, now);
        },
      },
      `email\n${rows.join('\n')}`,
      { onRows: (_rows, soFar) => void progress.push(soFar.added) },
    );
    const sums = batches.map((_, index) => batches.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
    expect(progress).toEqual(sums);
    expect(Math.max(...batches)).toBeLessThanOrEqual(200);
    expect([nextBatch(200, 100), nextBatch(100, 5), nextBatch(200, 1), nextBatch(30, 5000)]).toEqual([
      50, 200, 200, 20,
    ]);
    expect(result).toMatchObject({ rows: 1203, added: 1203 });
  });
});

describe('exportSubscribers', () => {
  it('writes what the import takes back, formulas and all', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers(
      [
        newReader('+ann@example.com', {
          name: '=HYPERLINK("https://evil.example";"x")',
          languages: ['fa', 'en'],
          topics: ['energy'],
        }),
        newReader("'=x@example.com", { name: "'@quoted, with comma" }),
        newReader('-b@example.com', { name: 'آناهیتا "آنا"', countries: ['iran', 'armenia'], timezone: 'Asia/Tehran' }),
        newReader('c@example.com', { name: '＝fullwidth', newsletters: ['weekly', 'daily'] }),
        newReader('d@example.com', { left: true }),
      ],
      clock.now(),
    );
    const csv = await exported(store);
    for (const line of csv.split('\r\n').slice(1, -1)) {
      for (const cell of line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
        expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r＝]/);
    }
    const second = await openReaderStore();
    const { result, problems } = await importText(second.store, csv);
    expect(problems).toEqual([]);
    expect(result).toMatchObject({ rows: 5, added: 4, left: 1 });
    expect(await exported(second.store)).toBe(csv);
    const [before, after] = [await readers(store), await readers(second.store)];
    expect(after).toEqual(before);
    expect(await second.store.countReaders('weekly', clock.now())).toBe(4);
  });

  it('writes what makes the same readers again, whatever they chose', async () => {
    const instant = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2026-11-23'), noInvalidDate: true })
      .map((at) => at.toISOString());
    const subscription = fc.record({
      state: fc.constantFrom('active', 'paused', 'left'),
      rhythm: fc.constantFrom('each', 'daily', 'weekly', 'monthly'),
      pausedUntil: fc.option(instant),
    });
    const reader = fc.record({
      local: fc.stringMatching(/^[-+=a-z0-9']{1,12}$/),
      name: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
      languages: fc.shuffledSubarray(choices.languages, { minLength: 1 }),
      countries: fc.subarray(choices.countries),
      topics: fc.subarray(choices.topics),
      timezone: fc.constantFrom(null, 'Asia/Tehran', 'Europe/Paris'),
      subscriptions: fc.dictionary(fc.constantFrom(...choices.newsletters), subscription),
      suspended: fc.boolean(),
      createdAt: instant,
      consentedAt: instant,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(reader, { selector: ({ local }) => local, minLength: 1, maxLength: 25 }),
        async (given) => {
          const { store } = await openReaderStore();
          await store.addSubscribers(
            given.map(({ local, name, subscriptions, suspended, ...rest }) => ({
              ...newReader(`${local}@example.com`),
              ...rest,
              name: parsedName(name),
              newsletters: Object.keys(subscriptions),
              exceptions: new Map(
                Object.entries(subscriptions).map(([newsletter, { state, rhythm, pausedUntil }]) => [
                  newsletter,
                  { state, rhythm, pausedUntil: state === 'paused' ? pausedUntil : null },
                ]),
              ),
              state: suspended ? 'suspended' : 'active',
              source: 'import',
            })),
            clock.now(),
          );
          const csv = await exported(store);
          const second = await openReaderStore();
          const { problems, format } = await importText(second.store, csv);
          expect(problems).toEqual([]);
          expect(format).toBe('Silkpost');
          expect(await readers(second.store)).toEqual(await readers(store));
          expect(await exported(second.store)).toBe(csv);
          // And once more into the same: nothing changes.
          const again = await importText(second.store, csv);
          expect(again.result).toMatchObject({ added: 0, updated: 0, refused: 0 });
          expect(await exported(second.store)).toBe(csv);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('keeps suppressed readers out wherever they are imported, and tells their reason', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers([newReader('a@example.com'), newReader('b@example.com')], clock.now());
    await store.suppress('a@example.com', 'complaint', clock.now());
    const csv = await exported(store);
    expect(csv).toContain('a@example.com,,en,,,weekly,,,each,,active,complaint,');
    const second = await openReaderStore();
    expect((await importText(second.store, csv)).result).toMatchObject({ added: 1, suppressed: 1 });
    const [suppression] = await Array.fromAsync(second.store.listSuppressions());
    expect(suppression).toMatchObject({ reason: 'complaint' });
  });

  it('writes only readers with a status, where one is asked for', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers(
      [
        newReader('active@example.com'),
        newReader('left@example.com', { left: true }),
        newReader('suspended@example.com', { state: 'suspended' }),
        newReader('suppressed@example.com'),
      ],
      clock.now(),
    );
    await store.suppress('suppressed@example.com', 'address_gone', clock.now());
    for (const status of ['active', 'left', 'suspended', 'suppressed'] as const) {
      const output = new PassThrough();
      const text = textOf(output);
      expect(await exportSubscribers(store.exportSubscribers(), output, [status])).toBe(1);
      output.end();
      expect((await text).split('\r\n')[1]).toMatch(new RegExp(`^${status}@`));
    }
  });

  it('keeps who is suspended or receives nothing out of an import', async () => {
    const { store, database } = await openReaderStore();
    await store.addSubscribers(
      [newReader('a@example.com'), newReader('b@example.com', { newsletters: [] })],
      clock.now(),
    );
    await database.updateTable('subscriber').set({ state: 'suspended' }).where('email', '=', 'a@example.com').execute();
    const csv = await exported(store);
    expect(csv).toContain(`a@example.com,,en,,,weekly,,,each,,suspended,,${clock.now()},${clock.now()}\r\n`);
    expect(csv).toContain(`b@example.com,,en,,,,,,,,left,,${clock.now()},${clock.now()}\r\n`);
    const second = await openReaderStore();
    await importText(second.store, csv);
    expect(await second.store.countSubscribers()).toBe(2);
    expect(await second.store.countReaders('weekly', clock.now())).toBe(0);
  });
});

/** As the store gets names. */
function parsedName(text: string | null): string | null {
  const parsed = parsePersonName(text ?? '');
  return parsed.ok ? parsed.name : null;
}

async function readers(store: SubscriberStore) {
  const all = await Array.fromAsync(store.listSubscribers());
  return all.map(({ subscriber, subscriptions }) => ({
    ...subscriber,
    id: 0,
    subscriptions: subscriptions.map(({ newsletter, state, rhythm, pausedUntil }) => ({
      newsletter,
      state,
      rhythm,
      pausedUntil,
    })),
  }));
}

describe('guardFormula', () => {
  it('leaves no formula, and is undone exactly', () => {
    const marks = ["'", '=', '+', '-', '@', '\t', '\r', '\n', ';', 'a', '＝', ' '];
    const cell = fc.array(fc.constantFrom(...marks), { maxLength: 6 });
    fc.assert(
      fc.property(cell, (chosen) => {
        const text = chosen.join('');
        // Programs that part cells at semicolons don't heed quotes in the middle of what they take for one.
        for (const part of guardFormula(text).split(/[;\t\r\n]/)) expect(part).not.toMatch(/^[=+\-@＝]/);
        expect(guardFormula(text)).not.toMatch(/^[\t\r]/);
        expect(unguardFormula(guardFormula(text))).toBe(text);
      }),
    );
  });
});
