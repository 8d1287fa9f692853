import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createResizer, type Resizer, type ResizeTask } from '../../../src/feeds/pictures/resize-process.ts';
import { photoOf, writePhoto } from '../../support/photo.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Room {
  readonly resizer: Resizer;
  taskFor(name: string, type?: string): ResizeTask;
  readonly path: string;
}

/** @param program in place of the one that resizes; it writes its number to `pid` in the task's folder. */
async function openRoom(program?: string): Promise<Room> {
  const { path } = await temporaryFolder();
  await mkdir(join(path, 'made'));
  const entry = join(path, 'program.mjs');
  if (program !== undefined) {
    await writeFile(entry, `import { writeFileSync } from 'node:fs';\nprocess.on('message', ${program});\n`);
  }
  const resizer = createResizer(program === undefined ? undefined : entry);
  onTestFinished(() => resizer.close());
  return {
    path,
    resizer,
    taskFor: (name, type = 'image/jpeg') => ({ source: join(path, name), type, folder: join(path, 'made') }),
  };
}

async function untilEnded(path: string): Promise<void> {
  const pid = Number(await readFile(join(path, 'made/pid'), 'utf8'));
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { interval: 5 });
}

const writesPid = "writeFileSync(folder + '/pid', String(process.pid));";

describe('resize', () => {
  it('starts another process where the last one has died since its last answer', async () => {
    const { path, resizer, taskFor } = await openRoom(
      `({ number, folder }) => { ${writesPid} process.send({ number, kind: 'resized', sizes: [] }, () => process.exit()); }`,
    );
    for (const _ of [1, 2]) {
      expect(await resizer.resize(taskFor('a.jpg'))).toMatchObject({ kind: 'resized' });
      await untilEnded(path);
    }
  });

  it('says with what the process ended that a picture was too much for, and makes the next one', async () => {
    const { path, resizer, taskFor } = await openRoom(
      `({ number, source, folder }) => { ${writesPid} if (source.endsWith('bad.jpg')) process.kill(process.pid, 'SIGKILL'); else process.send({ number, kind: 'resized', sizes: [] }); }`,
    );
    const failed = await resizer.resize(taskFor('bad.jpg'));
    expect(failed).toMatchObject({ kind: 'failed', message: expect.stringContaining('SIGKILL') });
    await untilEnded(path);
    expect(await resizer.resize(taskFor('a.jpg'))).toMatchObject({ kind: 'resized' });
  });

  it('says that no process can be started, each time, and starts one as soon as it can', async () => {
    const { path, resizer, taskFor } = await openRoom();
    await writePhoto(join(path, 'a.jpg'), 600, 300);
    const { execPath } = process;
    onTestFinished(() => {
      process.execPath = execPath;
    });
    process.execPath = join(path, 'missing');
    for (const _ of [1, 2]) {
      const answer = await resizer.resize(taskFor('a.jpg'));
      expect(answer).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('ENOENT') });
    }
    process.execPath = execPath;
    expect(await resizer.resize(taskFor('a.jpg'))).toMatchObject({ kind: 'resized' });
  });

  it('hands none of the program’s secrets to the process', async () => {
    vi.stubEnv('SILKPOST_SMTP_PASSWORD', 'hush');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { resizer, taskFor } = await openRoom(
      "({ number }) => process.send({ number, kind: 'refused', message: Object.keys(process.env).join(' ') })",
    );
    const answer = await resizer.resize(taskFor('a.jpg'));
    expect(answer.kind === 'refused' ? answer.message : '').toMatch(/PATH/);
    expect(JSON.stringify(answer)).not.toContain('SILKPOST_');
  });

  it('makes what screens show of pictures for print and of sixteen bits', async () => {
    const { path, resizer, taskFor } = await openRoom();
    await photoOf(1000, 500).toColourspace('cmyk').jpeg({ quality: 95 }).toFile(join(path, 'print.jpg'));
    await photoOf(1000, 500).toColourspace('rgb16').png().toFile(join(path, 'deep.png'));
    expect(await sharp(join(path, 'print.jpg')).metadata()).toMatchObject({ space: 'cmyk' });
    expect(await sharp(join(path, 'deep.png')).metadata()).toMatchObject({ depth: 'ushort' });
    for (const [name, type] of [
      ['print.jpg', 'image/jpeg'],
      ['deep.png', 'image/png'],
    ] as const) {
      const answer = await resizer.resize(taskFor(name, type));
      if (answer.kind !== 'resized') throw new Error(JSON.stringify(answer));
      expect(answer.sizes.map(({ width }) => width)).toContain(480);
      for (const { suffix } of answer.sizes) {
        const made = await sharp(join(path, 'made', suffix.slice(1))).metadata();
        expect(made, suffix).toMatchObject({ space: 'srgb', depth: 'uchar', channels: 3 });
      }
    }
  });
});
