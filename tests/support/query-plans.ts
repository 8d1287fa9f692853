import { vi } from 'vitest';
import { connectionOf, type Database } from '../../src/storage/database/database.ts';

/** What SQLite does for each statement that `work` is the first to ask a database: a line a step. */
export async function plansOf(database: Database, work: () => Promise<unknown>): Promise<string[][]> {
  const connection = connectionOf(database);
  const asked = vi.spyOn(connection, 'prepare');
  let texts: string[];
  try {
    await work();
    texts = asked.mock.calls.map(([text]) => text).filter((text) => /^\s*(?:select|with)/i.test(text));
  } finally {
    asked.mockRestore();
  }
  return texts.map((text) =>
    connection
      .prepare(`explain query plan ${text}`)
      .all(...Array.from({ length: (text.match(/\?/g) ?? []).length }, () => null))
      .map(({ detail }) => String(detail)),
  );
}
