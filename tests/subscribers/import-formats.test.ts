import { createReadStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ImportedRow, type ImportOptions, importSubscribers } from '../../src/subscribers/import.ts';
import type { SubscriberStore } from '../../src/subscribers/index.ts';
import { wordingOf } from '../../src/subscribers/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { openReaderStore } from '../support/reader-store.ts';

const clock = fixedClock('2026-11-23T08:00:00.000Z');
const choices = {
  languages: ['en', 'fa'],
  countries: ['armenia', 'iran'],
  topics: ['security', 'press'],
  newsletters: ['weekly', 'daily'],
};

async function importFile(store: SubscriberStore, fileName: string, changes: Partial<ImportOptions> = {}) {
  const rows: ImportedRow[] = [];
  let format: string | null = null;
  let ignored: readonly string[] = [];
  const result = await importSubscribers({
    input: createReadStream(new URL(`../fixtures/imports/${fileName}`, import.meta.url)),
    fileName,
    consent: 'Confirmed by mail, as our former system required.',
    choices,
    newsletters: ['weekly'],
    store,
    clock,
    onRows: (batch) => void rows.push(...batch),
    onHeader(header) {
      format = header.format.name;
      ignored = header.ignored;
    },
    ...changes,
  });
  return {
    result,
    format,
    ignored,
    outcomes: rows.map(({ email, outcome }) => `${email.replace(/@.*/, '')} ${outcome}`),
    rows,
  };
}

describe('importing another system’s export', () => {
  it('understands listmonk’s', async () => {
    const { store } = await openReaderStore();
    const { format, outcomes, ignored } = await importFile(store, 'listmonk.csv');
    expect(format).toBe('listmonk');
    expect(outcomes).toEqual(['ann added', 'bob left', 'eve suppressed']);
    expect(ignored).toEqual(['uuid', 'attributes', 'updated_at']);
    const ann = await store.findByEmail('ann@example.com');
    expect(ann?.subscriber).toMatchObject({ name: 'Ann Reader', createdAt: '2023-01-02T15:04:05.999Z' });
    const bob = await store.findByEmail('bob@example.com');
    expect(bob?.subscriptions.map(({ newsletter, state }) => [newsletter, state])).toEqual([
      ['daily', 'left'],
      ['weekly', 'left'],
    ]);
    expect(await store.isSuppressed('eve@example.com')).toBe(true);
    expect(await store.findByEmail('eve@example.com')).toBeNull();
  });

  it('understands each of Mailchimp’s files', async () => {
    const { store } = await openReaderStore();
    const first = await importFile(store, 'subscribed_email_audience_export_0b7f.csv');
    expect(first).toMatchObject({ format: 'Mailchimp', outcomes: ['ann added', 'bob added'] });
    const ann = await store.findByEmail('ann@example.com');
    expect(ann?.subscriber).toMatchObject({
      name: 'Ann Reader',
      timezone: null,
      topics: [],
      createdAt: '2023-04-05T06:07:08.000Z',
    });
    expect(await store.listConsents(ann?.subscriber.id ?? 0)).toEqual([
      {
        what: 'vouched',
        newsletters: ['weekly'],
        languages: ['en'],
        countries: [],
        topics: [],
        wording: 'Confirmed by mail, as our former system required.',
        lang: 'und',
        version: wordingOf('Confirmed by mail, as our former system required.', 'und').version,
        how: 'import',
        at: '2023-04-05T06:10:00.000Z',
        ip: null,
      },
    ]);
    expect((await importFile(store, 'unsubscribed_email_audience_export_0b7f.csv')).outcomes).toEqual(['eve left']);
    expect((await importFile(store, 'cleaned_email_audience_export_0b7f.csv')).outcomes).toEqual(['gone suppressed']);
    const others = await importFile(store, 'nonsubscribed_email_audience_export_0b7f.csv');
    expect(others.outcomes).toEqual(['buyer refused']);
    expect(others.rows[0]?.reason).toContain('hasn’t agreed');
    expect(await store.countReaders('weekly', clock.now())).toBe(2);
    expect(await store.countReaders('daily', clock.now())).toBe(0);
  });

  it('understands Ghost’s', async () => {
    const { store } = await openReaderStore();
    const { format, outcomes } = await importFile(store, 'ghost.csv');
    expect(format).toBe('Ghost');
    expect(outcomes).toEqual(['ann added', 'bob left', 'eve left']);
    expect((await store.findByEmail('ann@example.com'))?.subscriber.createdAt).toBe('2024-03-01T09:30:00.000Z');
  });

  it('understands Buttondown’s', async () => {
    const { store } = await openReaderStore();
    const { format, outcomes, rows } = await importFile(store, 'buttondown.csv');
    expect(format).toBe('Buttondown');
    expect(outcomes).toEqual(['ann added', 'bob left', 'eve refused', 'prem added', 'gone suppressed']);
    expect(rows[2]).toMatchObject({ line: 4, field: 'type' });
  });

  it('takes columns as it is told to', async () => {
    const { store } = await openReaderStore();
    const columns = new Map([
      ['TAGS', 'topics'],
      ['first name', 'name'],
    ]);
    const { rows } = await importFile(store, 'subscribed_email_audience_export_0b7f.csv', { columns });
    expect(rows).toMatchObject([
      { line: 2, outcome: 'refused', field: 'TAGS', reason: expect.stringContaining('There is no topic "VIP".') },
      { line: 3, outcome: 'added' },
    ]);
    for (const [heading, field, sentence] of [
      ['Tag', 'topics', 'has no column “Tag”. It has: Email Address, First Name'],
      ['TAGS', 'topic', 'Did you mean topics?'],
    ] as const) {
      const wrong = importFile(store, 'subscribed_email_audience_export_0b7f.csv', {
        columns: new Map([[heading, field]]),
      });
      await expect(wrong).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(sentence) });
    }
  });

  it('leaves what readers chose here as it is where the file says nothing of it', async () => {
    const { store } = await openReaderStore();
    await store.addSubscribers(
      [
        {
          email: 'ann@example.com',
          name: null,
          languages: ['fa', 'en'],
          countries: ['iran'],
          topics: ['security'],
          timezone: 'Asia/Tehran',
          newsletters: ['weekly'],
          rhythm: 'monthly',
          source: 'operator',
          consent: 'By phone.',
          sample: false,
        },
      ],
      clock.now(),
    );
    expect((await importFile(store, 'ghost.csv')).outcomes[0]).toBe('ann updated');
    const ann = await store.findByEmail('ann@example.com');
    expect(ann?.subscriber).toMatchObject({
      name: 'Ann Reader',
      languages: ['fa', 'en'],
      countries: ['iran'],
      topics: ['security'],
      timezone: 'Asia/Tehran',
      createdAt: clock.now(),
    });
    expect(ann?.subscriptions).toMatchObject([{ newsletter: 'weekly', state: 'active', rhythm: 'monthly' }]);
    expect((await importFile(store, 'ghost.csv')).outcomes[0]).toBe('ann unchanged');
  });
});
