import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { maxAddressBytes, outboxName } from './outbox-files.ts';

/**
 * Removes every message to an address from the outbox, of whatever kind and edition, with its envelope and what writers
 * that died left of it. Returns the number of messages.
 */
export async function eraseFromOutbox(folder: string, address: string): Promise<number> {
  let messages = 0;
  const ending = outboxName('', address).toLowerCase();
  const folders = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const { name } of folders.filter((entry) => entry.isDirectory())) {
    const inside = join(folder, name);
    const files = await readdir(inside);
    for (const file of files) {
      const stem = stemOf(file);
      if (stem === null || !stem.toLowerCase().endsWith(ending)) continue;
      if (!isAboutAll(ending) && !(await isTo(join(inside, `${stem}.json`), address))) continue;
      await rm(join(inside, file), { force: true });
      if (file.endsWith('.eml')) messages += 1;
    }
  }
  return messages;
}

/** `12-ann%40example.com` of `12-ann%40example.com.eml`, `….json` and `….json.0123abcd.tmp` */
function stemOf(file: string): string | null {
  return /^(.*)\.(?:eml|json)(?:\.[^.]+\.tmp)?$/.exec(file)?.[1] ?? null;
}

/** Whether the name holds all of the address, so that it can be nobody else's. */
function isAboutAll(ending: string): boolean {
  return ending.length < maxAddressBytes - 2;
}

/** By the envelope; where that is missing, a name that long and equal is taken at its word. */
async function isTo(file: string, address: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null || text.toLowerCase().includes(JSON.stringify(address).toLowerCase());
}
