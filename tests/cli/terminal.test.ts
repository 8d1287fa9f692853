import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit-codes.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { visible } from '../../src/cli/visible.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

describe('openTerminal', () => {
  it('takes no silence for a yes: where nobody can answer, --yes has to be said', async () => {
    const terminal = openTerminal();
    expect(terminal.interactive).toBe(false);
    await expect(terminal.confirm('Send it to 4810 readers now?')).rejects.toThrow(UsageError);
  });
});

describe('visible', () => {
  it('shows what would steer a terminal, and leaves lines, columns and other scripts as they are', () => {
    expect(visible('550 \u001b]0;owned\u0007\u001b[2J No\rsuch user\u009b1m \u202eresu\u202c')).toBe(
      '550 \\u001b]0;owned\\u0007\\u001b[2J No\\u000dsuch user\\u009b1m \\u202eresu\\u202c',
    );
    const plain = 'ana@example.com\tactive\r\nگفتگو در تهران\nZoë 👩‍🚀';
    expect(visible(plain)).toBe(plain);
  });

  it('keeps a JSON document’s meaning', () => {
    const said = { reply: '550 \u001b[2J\u009b\u202e "\\" \u007f\n' };
    expect(JSON.parse(visible(JSON.stringify(said, null, 2)))).toEqual(said);
  });
});

describe('silkpost check', () => {
  it('steers no terminal by the name of a file', async () => {
    const dir = await smallPublication();
    await writeFile(join(dir, 'content', 'talks\u001b[2J.md'), 'No front matter.\n');
    const { stdout, stderr } = await runSilkpost(['check', '--dir', dir]);
    expect(stdout + stderr).toContain('talks\\u001b[2J.md');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});
