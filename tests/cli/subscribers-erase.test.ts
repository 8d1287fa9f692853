import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

describe('silkpost subscribers erase', () => {
  it('asks first, erases by address or number, and says what became of it', async () => {
    const dir = await smallPublication();
    const subscribers = (...words: string[]) => runSilkpost(['subscribers', ...words, '--dir', dir]);
    for (const email of ['ann@example.com', 'bob@example.com']) await subscribers('add', email);
    await writeFile(join(dir, 'var', 'silkpost.db.0007_packed_articles'), 'a copy');

    const unasked = await subscribers('erase', 'ann@example.com');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const erased = await subscribers('erase', 'ANN@example.com', '--yes');
    expect(erased).toMatchObject({ code: 0, stdout: '' });
    expect(erased.stderr).toContain('Subscriber 1 is erased: 0 mails that were still to go are cancelled');
    expect(erased.stderr).toContain('silkpost.db.0007_packed_articles was made before');

    const second = await subscribers('erase', '2', '--yes', '--keep-out', '--json');
    expect(JSON.parse(second.stdout)).toEqual({ id: 2, cancelled: 0, mails: 0, scrubbed: true });
    expect(await subscribers('add', 'bob@example.com')).toMatchObject({ code: 1 });
    expect(await subscribers('add', 'ann@example.com')).toMatchObject({ code: 0 });
  });

  it.each([
    ['nobody@example.com', 'There is no subscriber nobody@example.com.'],
    ['77', 'There is no subscriber 77.'],
    ['nobody', 'lacks an @'],
  ])('names nobody: %s', async (who, sentence) => {
    const dir = await smallPublication();
    expect(await runSilkpost(['subscribers', 'erase', who, '--yes', '--dir', dir])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(sentence),
    });
  });
});
