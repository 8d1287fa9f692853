import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePublication, smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';

describe('silkpost new', () => {
  it('writes a draft that is in order, with the id that a build would mint', async () => {
    const dir = await samplePublication();
    const words = ['--country', 'armenia', '--topic', 'diplomacy', '--author', 'caucasus-desk', '--date', '2026-01-05'];
    const made = await silkpostHere(['new', 'Talks: "resumed" # again', ...words, '--dir', dir]);
    expect(made.code).toBe(0);
    const file = made.stdout.trim();
    expect(file).toBe(join(dir, 'content', '2026-01-05-talks-resumed-again.md'));
    const text = await readFile(file, 'utf8');
    expect(text).toContain('\nid: tag:dispatch.example,2023:en/2026/talks-resumed-again #');
    expect(text).toContain('\nstatus: draft #');
    expect(await silkpostHere(['check', '--strict', '--dir', dir])).toMatchObject({ code: 0, stdout: '' });

    await writeFile(file, text.replace('status: draft', 'status: published'));
    const checked = await silkpostHere(['check', '--dir', dir]);
    expect(checked.stdout).toMatch(
      /^content\/2026-01-05-talks-resumed-again\.md:5:1 summary: .*still the one of a new/,
    );
    await silkpostHere(['build', '--dir', dir]);
    expect(await readFile(join(dir, 'public', 'atom.xml'), 'utf8')).toContain('Talks: &quot;resumed&quot; # again');
  });

  it('makes a Latin slug of other scripts’ titles where it can, and else asks for one', async () => {
    const dir = await smallPublication();
    const persian = ['new', 'گفت‌وگوها', '--lang', 'fa', '--date', '2026-01-05', '--dir', dir];
    const made = await silkpostHere(persian);
    expect(basename(made.stdout.trim())).toBe('2026-01-05-gftvguha.fa.md');
    const refused = await silkpostHere(['new', '東京', '--date', '2026-01-05', '--dir', dir]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Say --slug some-latin-words.');
    const named = await silkpostHere(['new', '東京', '--date', '2026-01-05', '--slug', 'tokyo', '--dir', dir]);
    expect(basename(named.stdout.trim())).toBe('2026-01-05-tokyo.md');
    const georgian = await silkpostHere(['new', 'ამბები', '--date', '2026-01-05', '--dir', dir]);
    expect(basename(georgian.stdout.trim())).toBe('2026-01-05-ambebi.md');
  });

  it('writes nothing over, and takes no address twice', async () => {
    const dir = await smallPublication();
    const words = ['new', 'Talks', '--date', '2026-01-05', '--dir', dir];
    const file = (await silkpostHere(words)).stdout.trim();
    await writeFile(file, (await readFile(file, 'utf8')).replace('slug: talks', 'slug: other'));
    const same = await silkpostHere(words);
    expect(same.code).toBe(1);
    expect(same.stderr).toContain('is there already. Say another --slug or --date.');
    const taken = await silkpostHere(['new', 'Other', '--dir', dir]);
    expect(taken.stderr).toContain('content/2026-01-05-talks.md has the address other in en already.');
  });

  it('names the nearest key, language or date for a wrong one', async () => {
    const dir = await smallPublication();
    for (const [words, sentence] of [
      [['--country', 'armenie'], 'Did you mean armenia?'],
      [['--lang', 'ka'], 'ka is not among the languages en, fa.'],
      [['--date', 'soon'], '“soon” is not a date.'],
      [['--slug', 'No'], 'A slug has only lower-case'],
    ] as const) {
      const refused = await silkpostHere(['new', 'Talks', ...words, '--dir', dir]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(sentence);
    }
  });
});
