import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { readBackup, restoreBackup } from '../storage/index.ts';
import { describeBackup, dkimPlace } from './backup.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';

/** `silkpost restore FILE`: a backup in place of the present database and keys. */
export function addRestoreCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('restore'))
    .description('put a backup in place of the database and the keys; what is there now is kept')
    .argument('<file>', 'as silkpost backup wrote it')
    .option('--yes', 'do not ask')
    .action(async (file: string, options: PlaceOptions & { readonly yes?: boolean }) => {
      const { terminal, environment } = invocation;
      const config = readConfig({ dir: options.dir, data: options.data, outbox: true, environment });
      const { database, data } = config.paths;
      const backup = resolve(config.dir, file);
      terminal.say(`${backup}: ${describeBackup(readBackup(backup))}.`);
      if (!options.yes && !(await terminal.confirm(`Put it in place of ${database}?`))) {
        terminal.say('Nothing was changed.');
        return;
      }
      const restored = restoreBackup({
        backup,
        database,
        data,
        findKeyFile: (place) => config.mail.dkim.find((entry) => dkimPlace(entry) === place)?.keyFile ?? null,
        now: systemClock.now(),
      });
      if (restored.keptIn !== null) terminal.say(`What was there is in ${restored.keptIn}.`);
      for (const place of restored.leftOut) {
        terminal.say(`The key ${place} was left out: its file is there already, or silkpost.yaml doesn’t name it.`);
      }
      terminal.say(
        'It is in place. What was being sent then, and each newsletter’s next edition, will be held: silkpost editions list --open.',
      );
    });
}
