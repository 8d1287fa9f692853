import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { type BackupAbout, type BackupKey, writeBackup } from '../storage/index.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';

/** `silkpost backup FILE`: the database and the keys in one file, while everything runs. */
export function addBackupCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('backup'))
    .description('write the database and the keys into one file; everything may be running meanwhile')
    .argument('<file>', 'an earlier backup of that name is replaced')
    .option('--json', 'print one JSON document')
    .action((file: string, options: PlaceOptions & { readonly json?: boolean }) => {
      const { terminal, environment } = invocation;
      const config = readConfig({ dir: options.dir, data: options.data, outbox: true, environment });
      const target = resolve(config.dir, file);
      const keys = readKeys(config);
      const made = writeBackup({ database: config.paths.database, keys, target, now: systemClock.now() });
      if (options.json) terminal.out(JSON.stringify({ file: target, ...made }, null, 2));
      else terminal.out(target);
      terminal.say(`${(made.bytes / 1_000_000).toFixed(1)} MB: ${describeBackup(made)}.`);
      terminal.say(
        'silkpost.yaml, content/ and templates/ are not in it. It holds secrets: keep it where nobody reads it.',
      );
    });
}

/** `1,204 readers, 31 editions with 37,012 deliveries, 4 keys, of 2026-11-27T03:00:00.000Z` */
export function describeBackup({ subscribers, editions, deliveries, keys, madeAt }: BackupAbout): string {
  const parts = [
    count(subscribers, 'reader'),
    `${count(editions, 'edition')} with ${deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`}`,
    count(keys.length, 'key'),
  ];
  return `${parts.join(', ')}, of ${madeAt}`;
}

/** Where a key stands that signs mail. */
export function dkimPlace({ domain, selector }: { readonly domain: string; readonly selector: string }): string {
  return `dkim:${domain}/${selector}`;
}

function readKeys({ paths: { data }, mail }: Config): BackupKey[] {
  const names = [
    ...filesIn(data).filter((name) => name.endsWith('.key')),
    ...filesIn(join(data, 'keys')).map((name) => join('keys', name)),
  ];
  const read = (place: string, file: string): BackupKey => {
    try {
      return { place, content: readFileSync(file) };
    } catch (error) {
      throw new AppError('unavailable', `The key ${file} can't be read: ${sentenceOf(error)}.`, { cause: error });
    }
  };
  const elsewhere = mail.dkim.filter(({ keyFile }) => {
    const within = relative(data, keyFile);
    return isAbsolute(within) || !names.includes(within);
  });
  return [
    ...names.map((name) => read(`data:${name.replaceAll('\\', '/')}`, join(data, name))),
    ...elsewhere.map((entry) => read(dkimPlace(entry), entry.keyFile)),
  ];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch {
    return []; // no such folder: no keys in it
  }
}
