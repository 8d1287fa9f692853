import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import type { Invocation } from '../../src/cli/command.ts';
import { addEditionsCommand } from '../../src/cli/editions.ts';
import { addOperatorsCommand } from '../../src/cli/operators.ts';
import { addSubscribersCommand } from '../../src/cli/subscribers-command.ts';
import { addSuppressionsCommand } from '../../src/cli/suppressions.ts';
import { readConfig } from '../../src/config/index.ts';
import { smallPublication } from '../support/publication-folder.ts';

/** Runs commands on a publication of their own, in this process. */
async function openCommands() {
  const dir = await smallPublication();
  const environment = { SILKPOST_URL: 'http://localhost' };
  return {
    async run(...words: string[]): Promise<{ out: string; said: string }> {
      const lines = { out: [] as string[], said: [] as string[] };
      const invocation: Invocation = {
        environment,
        end: () => {},
        terminal: {
          interactive: false,
          stdoutIsTerminal: false,
          out: (text) => lines.out.push(text),
          say: (text) => lines.said.push(text),
          status: () => {},
          confirm: async () => true,
        },
      };
      const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
      for (const add of [addOperatorsCommand, addSubscribersCommand, addSuppressionsCommand, addEditionsCommand]) {
        add(program, invocation);
      }
      await program.parseAsync([...words, '--dir', dir], { from: 'user' });
      return { out: lines.out.join('\n'), said: lines.said.join('\n') };
    },
    async audit() {
      const app = await openApp(readConfig({ dir, environment }));
      const entries = await app.operatorRoom.auditEntries.listEntries({}, null, 50);
      await app.close();
      return entries.toReversed();
    },
  };
}

describe('silkpost operators', () => {
  it('adds by a link, lists, resets and removes', async () => {
    const { run } = await openCommands();
    expect((await run('operators', 'list')).said).toContain('There is none yet');
    const added = await run('operators', 'add', 'Ana@courier.example', '--role', 'owner');
    expect(added.out).toMatch(/^http:\/\/localhost\/console\/welcome\/[\w-]{43}$/);
    expect((await run('operators', 'list')).out).toBe('ana@courier.example\towner\tana@courier.example\tnothing yet');
    const reset = JSON.parse((await run('operators', 'reset', 'ana@courier.example', '--json')).out);
    expect(reset).toEqual({ email: 'ana@courier.example', url: expect.not.stringContaining(added.out) });
    await run('operators', 'add', 'ben@courier.example', '--role', 'viewer');
    expect((await run('operators', 'remove', 'ben@courier.example')).said).toContain('no operator any more');
    await expect(run('operators', 'remove', 'ana@courier.example')).rejects.toThrow('There has to be an owner');
    await expect(run('operators', 'reset', 'ben@courier.example')).rejects.toThrow('There is no operator');
    await expect(run('operators', 'add', 'no address', '--role', 'owner')).rejects.toMatchObject({ code: 'invalid' });
    await expect(run('operators', 'add', 'cora@courier.example', '--role', 'king')).rejects.toThrow('Allowed choices');
  });
});

describe('the audit log', () => {
  it('has what commands changed, by whom, and no reader’s address', async () => {
    const { run, audit } = await openCommands();
    await run('subscribers', 'add', 'reader@courier.example');
    await run('subscribers', 'remove', 'reader@courier.example');
    await run('suppressions', 'add', 'reader@courier.example', '--reason', 'asked by post, from Nare');
    await run('suppressions', 'lift', 'reader@courier.example');
    await run('subscribers', 'erase', 'reader@courier.example', '--yes');
    await run('editions', 'skip', 'weekly');
    await expect(run('editions', 'skip', 'weekly')).rejects.toThrow('decided on already');
    const entries = await audit();
    expect(entries.map(({ action, undone }) => [action, undone?.why ?? null])).toEqual([
      ['readers.add', null],
      ['readers.remove', null],
      ['suppressions.add', null],
      ['suppressions.lift', null],
      ['readers.erase', null],
      ['editions.skip', null],
      ['editions.skip', null],
      ['editions.skip', expect.stringContaining('decided on already')],
    ]);
    expect(entries[1]?.subject).toBe('1');
    expect(JSON.stringify(entries)).not.toContain('reader@');
    expect(JSON.stringify(entries)).not.toContain('Nare');
    expect(entries[2]).toMatchObject({ subject: '1', before: '{"suppressed":false}', after: '{"suppressed":true}' });
    expect(entries[0]?.actor).toEqual({ id: null, name: expect.stringMatching(/^command line \(.+\)$/), email: null });
  });
});
