import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toInstant } from '../../../clock.ts';
import { type OutboxIndex, outboxName } from '../../../delivery/index.ts';
import { parseEmailAddress } from '../../../subscribers/index.ts';
import { parseMail } from '../../mail-parts.ts';
import type { ConsoleOutbox, OutboxMail, OutboxPage, OutboxSearch } from './console-outbox.ts';
import { createLetterShelf } from './letter-shelf.ts';

const pageSize = 50;
/** The headers that a list shows stand well before this many bytes. */
const headBytes = 8192;
/** What `outboxName` leaves of an address, with its number. */
const safeName = /^[A-Za-z0-9][A-Za-z0-9._%~!'()*-]{0,200}$/;

/** @param root folder of `.eml` files as the outbox transport writes them. */
export function createOutboxMailbox(root: string, index: OutboxIndex): ConsoleOutbox {
  const shelf = createLetterShelf(pageSize);

  async function readAll(folder: string, files: readonly string[]): Promise<OutboxMail[]> {
    const mails = await Promise.all(files.map((file) => readHead(join(root, folder), file)));
    return mails.filter((mail) => mail !== null);
  }

  /** By the ledger; null where that knows nothing of it. */
  async function listEdition(folder: string, { after, words }: OutboxSearch): Promise<OutboxPage | null> {
    const from = /^\d{1,15}$/.test(after) ? Number(after) : 0;
    const written = await index.listWritten(folder, from, words, pageSize);
    if (written === null) return null;
    const address = from === 0 ? parseEmailAddress(words) : null;
    const exact = address?.ok ? await index.findWritten(folder, address.address.text) : null;
    const found = [
      ...(exact ? [exact] : []),
      ...written.messages.filter((one) => one.deliveryId !== exact?.deliveryId),
    ];
    const files = found.map(({ deliveryId, address: to }) => `${outboxName(String(deliveryId), to)}.eml`);
    const next = written.next === null || exact ? null : String(written.next);
    return { mails: await readAll(folder, files), next, cutAt: null };
  }

  return {
    async listFolders() {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      const names = entries.filter((entry) => entry.isDirectory() && safeName.test(entry.name));
      const folders = await Promise.all(
        names.map(async ({ name }) => {
          const found = await stat(join(root, name)).catch(() => null);
          return found === null ? null : { name, changedAt: toInstant(found.mtimeMs) };
        }),
      );
      return folders
        .filter((folder) => folder !== null)
        .sort((a, b) => (a.changedAt === b.changedAt ? compare(b.name, a.name) : compare(b.changedAt, a.changedAt)));
    },

    async listMails(folder, search) {
      if (!safeName.test(folder) || !(await isFolder(join(root, folder)))) return null;
      const page = await listEdition(folder, search);
      if (page !== null) return page;
      return shelf.list(join(root, folder), search, (files) => readAll(folder, files));
    },

    async read(folder, file) {
      if (!safeName.test(folder) || !safeName.test(file) || !file.endsWith('.eml')) return null;
      const path = join(root, folder, file);
      const message = await readFile(path).catch(() => null);
      if (message === null) return null;
      return { message, envelope: await readFile(path.replace(/\.eml$/, '.json'), 'utf8').catch(() => null) };
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** Null for a file that isn't there, or has just gone. */
async function readHead(folder: string, name: string): Promise<OutboxMail | null> {
  const file = await open(join(folder, name)).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { to, subject } = parseMail(buffer.subarray(0, bytesRead));
    return { file: name, to, subject, date: toInstant((await file.stat()).mtimeMs) };
  } finally {
    await file.close();
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
