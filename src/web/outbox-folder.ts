import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toInstant } from '../clock.ts';
import { parseMail } from './mail-parts.ts';
import type { OutboxMail, WebOutbox } from './web-app.ts';

/** Mails listed at the most, and folders looked into. */
const maxMails = 500;
const maxFolders = 50;
/** The headers that the list shows stand well before this many bytes. */
const headBytes = 8192;
const safeName = /^[A-Za-z0-9][A-Za-z0-9._%-]{0,200}$/;

/** The `.eml` files below the outbox, for the index that stands in for a mail program while no relay is configured. */
export function createOutboxFolder(root: string): WebOutbox {
  return {
    async list() {
      const mails: OutboxMail[] = [];
      for (const edition of (await newestFirst(root)).slice(0, maxFolders)) {
        const files = await readdir(join(root, edition)).catch(() => []);
        for (const file of files.filter((name) => name.endsWith('.eml')).sort(byNumber)) {
          if (mails.length >= maxMails) return mails;
          const mail = await readHead(join(root, edition, file));
          if (mail !== null) mails.push({ edition, file, ...mail });
        }
      }
      return mails;
    },
    async read(edition, file) {
      if (!safeName.test(edition) || !safeName.test(file) || !file.endsWith('.eml')) return null;
      return readFile(join(root, edition, file)).catch(() => null);
    },
  };
}

async function newestFirst(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() && safeName.test(entry.name));
  const dated = await Promise.all(
    folders.map(async ({ name }) => ({ name, changed: (await stat(join(root, name))).mtimeMs })),
  );
  return dated.sort((a, b) => b.changed - a.changed).map(({ name }) => name);
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
}

/** Null for a file that has just gone. */
async function readHead(path: string): Promise<Pick<OutboxMail, 'to' | 'subject' | 'date'> | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const { to, subject } = parseMail(buffer.subarray(0, bytesRead));
    return { to, subject, date: toInstant((await file.stat()).mtimeMs) };
  } finally {
    await file.close();
  }
}
