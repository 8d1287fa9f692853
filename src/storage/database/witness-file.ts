import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { WitnessFile } from '../../schedule/index.ts';

/** `silkpost.db-beat` beside `silkpost.db`: the ledger's name and how often it has beaten. */
export function createWitnessFile(databaseFile: string): WitnessFile {
  const file = `${databaseFile}-beat`;
  return {
    async read() {
      const text = await readFile(file, 'utf8').catch(() => '');
      const [, ledger, beats] = /^([0-9a-f-]{36}) (\d{1,15})\n$/.exec(text) ?? [];
      return ledger === undefined || beats === undefined ? null : { ledger, beats: Number(beats) };
    },
    async write({ ledger, beats }) {
      const draft = `${file}.${process.pid}`;
      try {
        await writeFile(draft, `${ledger} ${beats}\n`);
        await rename(draft, file);
      } catch (error) {
        // A full disk leaves it empty, and each process under another name.
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}
