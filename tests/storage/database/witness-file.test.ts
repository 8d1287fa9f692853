import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWitnessFile } from '../../../src/storage/database/witness-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const beat = { ledger: '0b5cbcf6-8a37-4b0b-9a3e-0d9a6f0d8f11', beats: 7 };

describe('createWitnessFile', () => {
  it('reads what was written last', async () => {
    const { path } = await temporaryFolder();
    const witness = createWitnessFile(join(path, 'silkpost.db'));
    expect(await witness.read()).toBeNull();
    await witness.write(beat);
    await witness.write({ ...beat, beats: 8 });
    expect(await witness.read()).toEqual({ ...beat, beats: 8 });
    expect(await readdir(path)).toEqual(['silkpost.db-beat']);
  });

  it('leaves no draft behind where it can’t be written', async () => {
    const { path } = await temporaryFolder();
    await mkdir(join(path, 'silkpost.db-beat', 'in the way'), { recursive: true });
    await expect(createWitnessFile(join(path, 'silkpost.db')).write(beat)).rejects.toThrow();
    expect(await readdir(path)).toEqual(['silkpost.db-beat']);
  });
});
