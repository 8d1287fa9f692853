import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit-codes.ts';
import { openTerminal } from '../../src/cli/terminal.ts';

describe('openTerminal', () => {
  it('takes no silence for a yes: where nobody can answer, --yes has to be said', async () => {
    const terminal = openTerminal();
    expect(terminal.interactive).toBe(false);
    await expect(terminal.confirm('Send it to 4810 readers now?')).rejects.toThrow(UsageError);
  });
});
