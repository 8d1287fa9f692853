import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eraseFromOutbox } from '../../../src/delivery/index.ts';
import { outboxName } from '../../../src/delivery/outbox/outbox-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function write(folder: string, id: string, to: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, outboxName(id, to));
  await writeFile(`${path}.eml`, `To: ${to}\r\n`);
  await writeFile(`${path}.json`, `${JSON.stringify({ from: 'digest@dispatch.example', to })}\n`);
}

describe('eraseFromOutbox', () => {
  it('removes one reader’s mails of every kind, and nobody else’s', async () => {
    const { path: root } = await temporaryFolder();
    const [weekly, welcome] = [join(root, 'weekly-1'), join(root, 'welcome')];
    await write(weekly, '1', 'ann@example.com');
    await write(weekly, '2', 'joann@example.com');
    await write(welcome, '0123abcd', 'Ann@example.com');
    await writeFile(join(weekly, `${outboxName('3', 'ann@example.com')}.eml.0123abcd.tmp`), 'half');
    await writeFile(join(root, 'note.txt'), 'mine');
    expect(await eraseFromOutbox(root, 'ann@example.com')).toBe(2);
    expect((await readdir(weekly)).map((name) => name.replace(/\..*/, ''))).toEqual([
      '2-joann%40example',
      '2-joann%40example',
    ]);
    expect(await readdir(welcome)).toEqual([]);
    expect(await eraseFromOutbox(root, 'ann@example.com')).toBe(0);
  });

  it('tells long addresses with equal beginnings apart', async () => {
    const { path: root } = await temporaryFolder();
    const long = (end: string): string => `${'l'.repeat(64)}@${'d'.repeat(30)}.${end}.example`;
    await write(join(root, 'weekly-1'), '1', long('one'));
    await write(join(root, 'weekly-1'), '2', long('two'));
    expect(await eraseFromOutbox(root, long('two'))).toBe(1);
    expect((await readdir(join(root, 'weekly-1'))).every((name) => name.startsWith('1-'))).toBe(true);
  });

  it('has nothing to do where there is no outbox', async () => {
    const { path: root } = await temporaryFolder();
    expect(await eraseFromOutbox(join(root, 'none'), 'ann@example.com')).toBe(0);
  });
});
