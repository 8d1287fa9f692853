import { describe, expect, it } from 'vitest';
import { createImportJobStore } from '../../src/storage/index.ts';
import { type ImportedRow, noRows } from '../../src/subscribers/index.ts';
import { newReader, openReaderStore } from '../support/reader-store.ts';

const now = '2026-11-27T08:00:00.000Z';
const soon = '2026-11-27T08:00:30.000Z';
const later = '2026-11-27T08:02:00.000Z';
const terms = { consent: 'At the fair.', newsletters: ['weekly'] };
const preview = {
  format: null,
  note: null,
  used: [],
  ignored: [],
  headings: ['email'],
  rows: [['ann@example.com']],
  good: 1,
  refused: 0,
  faults: [],
  isWhole: true,
};

async function openJobs() {
  const desk = await openReaderStore();
  const jobs = createImportJobStore(desk.database);
  const file = { fileName: 'a.csv', size: 100, preview };
  const id = (await jobs.create(file, now)) ?? 0;
  return { ...desk, jobs, file, id };
}

function refusal(line: number, email = `${line}@example.com`): ImportedRow {
  return { line, email, outcome: 'refused', field: null, reason: 'No.' };
}

describe('ImportJobStore', () => {
  it('keeps one import, which forgets its rows when it begins, and what was left out of it', async () => {
    const { jobs, file, id } = await openJobs();
    expect(await jobs.find(now)).toMatchObject({ id, state: 'uploaded', preview: { rows: [['ann@example.com']] } });
    expect(await jobs.start(id, terms, now)).toBe(true);
    expect(await jobs.find(now)).toMatchObject({ state: 'running', preview: null, ...terms });
    expect(await jobs.start(id, terms, soon)).toBe(false);
    expect(await jobs.create(file, soon)).toBeNull();
    expect(await jobs.remove(id, soon)).toBe(false);
    const counts = { ...noRows, rows: 3, added: 1, refused: 2 };
    expect(await jobs.keep(id, { readBytes: 50, counts }, [refusal(2), refusal(3)], soon)).toBe(true);
    await jobs.end(id, 'done', null, later);
    expect(await jobs.find(later)).toMatchObject({ state: 'done', counts, readBytes: 50, finishedAt: later });
    expect(await Array.fromAsync(jobs.listRefused(id))).toMatchObject([{ line: 2 }, { line: 3 }]);
    expect(await jobs.start(id, terms, later)).toBe(false);
    const second = (await jobs.create(file, later)) ?? 0;
    expect(await Array.fromAsync(jobs.listRefused(id))).toEqual([]);
    expect(await jobs.remove(second, later)).toBe(true);
    expect(await jobs.find(later)).toBeNull();
  });

  it('takes no file while an import begins at the same moment, and removes none', async () => {
    const { jobs, id, file, database } = await openJobs();
    expect(await Promise.all([jobs.create(file, now), jobs.start(id, terms, now)])).toEqual([id + 1, false]);
    expect(await Promise.all([jobs.remove(id + 1, now), jobs.start(id + 1, terms, now)])).toEqual([true, false]);
    await Promise.all([jobs.create(file, now), jobs.create(file, now)]);
    expect(await database.selectFrom('import_job').select('id').execute()).toHaveLength(1);
  });

  it('lets an import that was stopped keep nothing more, and begin anew', async () => {
    const { jobs, id } = await openJobs();
    await jobs.start(id, terms, now);
    await jobs.end(id, 'stopped', null, soon);
    expect(await jobs.keep(id, { readBytes: 1, counts: noRows }, [refusal(2)], soon)).toBe(false);
    await jobs.end(id, 'done', null, soon);
    expect(await jobs.find(soon)).toMatchObject({ state: 'stopped' });
    expect(await jobs.start(id, terms, soon)).toBe(true);
  });

  it('takes one without a sign of life for interrupted, and lets it begin anew', async () => {
    const { jobs, file, id } = await openJobs();
    await jobs.start(id, terms, now);
    expect(await jobs.find(soon)).toMatchObject({ state: 'running' });
    expect(await jobs.find(later)).toMatchObject({ state: 'interrupted' });
    expect(await jobs.start(id, terms, later)).toBe(true);
    expect(await jobs.find(later)).toMatchObject({ state: 'running' });
    await jobs.end(id, 'interrupted', null, later);
    expect(await jobs.create(file, later)).not.toBeNull();
  });

  it('keeps the first ten thousand of the rows that were left out', async () => {
    const { jobs, id } = await openJobs();
    await jobs.start(id, terms, now);
    for (let start = 0; start < 10_400; start += 400) {
      const rows = Array.from({ length: 400 }, (_, n) => refusal(start + n + 2));
      await jobs.keep(id, { readBytes: 1, counts: { ...noRows, refused: start + 400 } }, rows, now);
    }
    expect((await Array.fromAsync(jobs.listRefused(id))).length).toBe(10_000);
  });

  it('tells nothing of a reader who was erased', async () => {
    const { jobs, store, database } = await openJobs();
    await store.addSubscribers([newReader('ann@example.com')], now);
    await store.erase(1, { keepOut: false }, now);
    const [row] = await database.selectFrom('import_job').selectAll().execute();
    expect(JSON.stringify(row)).not.toContain('ann@');
    expect(await jobs.find(now)).toMatchObject({ preview: null });
  });
});
