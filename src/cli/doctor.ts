import { isIP } from 'node:net';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { createDnsLookups, examine, listOwnAddresses } from '../doctor/index.ts';
import { AppError } from '../errors.ts';
import type { Finding } from '../operators/index.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';

interface DoctorOptions extends PlaceOptions {
  readonly dns?: string;
  readonly json?: boolean;
}

/** `silkpost doctor`: whether mail from here will arrive. */
export function addDoctorCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('doctor'))
    .description('look at DNS, the relay, clock, disk and permissions, and say what to do; sends and writes nothing')
    .option('--dns <server>', 'ask this DNS server (an address, or address:port) instead of the machine’s')
    .option('--json', 'print one JSON document')
    .action(async (options: DoctorOptions) => {
      const { terminal, environment } = invocation;
      const { dir, data } = options;
      const findings = await examine({
        config: readConfig({ dir, data, environment }),
        dns: createDnsLookups(readServer(options.dns)),
        ownAddresses: listOwnAddresses(),
        now: new Date(systemClock.now()),
      });
      if (options.json) terminal.out(JSON.stringify({ findings }, null, 2));
      else for (const line of describeFindings(findings)) terminal.say(line);
      if (findings.some(({ level }) => level === 'fault')) invocation.end(exitCodes.fault);
      else if (findings.some(({ level }) => level === 'warning')) invocation.end(exitCodes.attention);
    });
}

const marks = { ok: 'ok', note: 'note', warning: 'LOOK', fault: 'FAULT' } as const;

function describeFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ check, level, message, fix }) => [
    `${marks[level].padEnd(6)}${check.padEnd(12)}${message}`,
    ...(fix === null ? [] : [`${' '.repeat(18)}→ ${fix}`]),
  ]);
  const faults = findings.filter(({ level }) => level === 'fault').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  return [...lines, `${faults} to mend, ${warnings} to look at`];
}

function readServer(text: string | undefined): string | null {
  if (text === undefined) return null;
  const address =
    /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? (isIP(text) === 0 ? text.replace(/:\d{1,5}$/, '') : text);
  if (isIP(address) !== 0) return text;
  throw new AppError('invalid', `--dns needs an address such as 1.1.1.1 or [::1]:53, not “${text}”.`);
}
