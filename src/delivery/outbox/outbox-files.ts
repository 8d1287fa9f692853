import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt } from '../transport.ts';

/** Longest address in a file name, in bytes. */
export const maxAddressBytes = 80;

/** `12-reader%40example.com`; an escape is never cut in two. */
export function outboxName(id: string, address: string): string {
  const encoded = encodeURIComponent(address.toWellFormed());
  return `${id}-${encoded.slice(0, maxAddressBytes).replace(/%[0-9A-F]?$/, '')}`;
}

/** The folder of `.eml` files, each whole or not there, with the envelope beside it. */
export interface OutboxFiles {
  /** Writes the message; it lasts through a power cut once `sync` has resolved. */
  write(attempt: Attempt): Promise<void>;
  /** Makes the names written so far durable; callers that come while it works share the next one. */
  sync(attempt: Pick<Attempt, 'kind' | 'editionId'>): Promise<void>;
  has(attempt: { readonly deliveryId: number; readonly editionId: string; readonly address: string }): Promise<boolean>;
  /** Removes what a writer that died left of an attempt. */
  removeRemains(attempt: {
    readonly deliveryId: number;
    readonly token: string;
    readonly editionId: string;
    readonly address: string;
  }): Promise<void>;
  /** Path of an attempt's message. */
  pathOf(attempt: Attempt): string;
}

export function createOutboxFiles(root: string): OutboxFiles {
  const made = new Set<string>();
  const syncs = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();

  const folderOf = ({ kind, editionId }: Pick<Attempt, 'kind' | 'editionId'>): string =>
    join(root, kind === 'digest' ? editionId : kind);
  const nameOf = (attempt: Attempt): string =>
    outboxName(attempt.deliveryId > 0 ? String(attempt.deliveryId) : attempt.token.slice(0, 8), attempt.envelope.to);
  // The token is in it: a process that was frozen and wakes up writes into a file of its own.
  const temporary = (path: string, token: string): string => `${path}.${token.slice(0, 8)}.tmp`;

  async function makeFolder(folder: string): Promise<void> {
    if (made.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    if (first !== undefined) await syncFolder(join(folder, '..'));
    made.add(folder);
  }

  return {
    async write(attempt) {
      const folder = folderOf(attempt);
      await makeFolder(folder);
      const { envelope, kind, newsletter, editionId: edition, deliveryId: delivery } = attempt;
      const path = join(folder, nameOf(attempt));
      const about = { from: envelope.from, to: envelope.to, kind, newsletter, edition, delivery };
      await writeWhole(`${path}.json`, temporary(`${path}.json`, attempt.token), `${JSON.stringify(about)}\n`);
      await writeWhole(`${path}.eml`, temporary(`${path}.eml`, attempt.token), Buffer.concat(await attempt.message()));
    },
    sync(attempt) {
      const folder = folderOf(attempt);
      const state = syncs.get(folder);
      if (!state) {
        const running = syncFolder(folder);
        const entry: { running: Promise<void>; next: Promise<void> | null } = { running, next: null };
        syncs.set(folder, entry);
        const done = (): void => {
          if (entry.next === null) syncs.delete(folder);
        };
        running.then(done, done);
        return running;
      }
      // The one under way may have begun before our rename.
      state.next ??= state.running
        .catch(() => {})
        .then(() => {
          const running = syncFolder(folder);
          state.running = running;
          state.next = null;
          const done = (): void => {
            if (state.running === running && state.next === null) syncs.delete(folder);
          };
          running.then(done, done);
          return running;
        });
      return state.next;
    },
    async has({ deliveryId, editionId, address }) {
      try {
        return (await stat(`${join(root, editionId, outboxName(String(deliveryId), address))}.eml`)).isFile();
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
        throw error;
      }
    },
    async removeRemains({ deliveryId, token, editionId, address }) {
      const path = join(root, editionId, outboxName(String(deliveryId), address));
      for (const name of [`${path}.json`, `${path}.eml`]) await rm(temporary(name, token), { force: true });
    },
    pathOf: (attempt) => `${join(folderOf(attempt), nameOf(attempt))}.eml`,
  };
}

async function writeWhole(path: string, temporary: string, content: string | Buffer): Promise<void> {
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder; there the rename is all there is.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
