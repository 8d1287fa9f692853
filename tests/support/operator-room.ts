import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Log, silentLog } from '../../src/log.ts';
import { createPasswords, type Operator, type Passwords, type Role } from '../../src/operators/index.ts';
import { createOperatorRoom, type OperatorRoom } from '../../src/rooms/index.ts';
import { type Database, openDatabase } from '../../src/storage/index.ts';
import { openKeys } from '../../src/subscribers/index.ts';
import { siteOf } from './feed-fixtures.ts';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface TestOperatorRoom extends OperatorRoom {
  readonly database: Database;
  readonly clock: FixedClock;
  readonly passwords: CountedPasswords;
  /** An operator who has set a password. */
  addOperator(email: string, role: Role, password?: string): Promise<Operator>;
}

/** Counts what each costs: one piece of argon2 work. */
export interface CountedPasswords extends Passwords {
  work: number;
}

export const goodPassword = 'seven quiet mountains';

export async function openOperatorRoom(
  options: { readonly log?: Log; readonly folder?: string } = {},
): Promise<TestOperatorRoom> {
  const path = options.folder ?? (await temporaryFolder()).path;
  const database = await openDatabase(join(path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  const keys = await openKeys(path);
  const clock = fixedClock('2026-11-27T03:00:00.000Z');
  const passwords = countedPasswords();
  const config = { site: siteOf({ title: { en: 'The Hill Courier', fa: 'پیک' }, timezone: 'Asia/Tbilisi' }) };
  const room = createOperatorRoom({ config, database, keys, clock, log: options.log ?? silentLog, passwords });
  return {
    ...room,
    database,
    clock,
    passwords,
    async addOperator(email, role, password = goodPassword) {
      const { token } = await room.desk.invite(command, { email, role });
      const newcomer = { email, name: email.split('@')[0] ?? '', password, timezone: 'Asia/Tbilisi' };
      const welcomed = await room.welcome.use(token, newcomer, nearby);
      if (welcomed.kind !== 'in') throw new Error(JSON.stringify(welcomed));
      return welcomed.operator;
    },
  };
}

export const command = { id: null, name: 'command line (test)', email: null };
export const nearby = { client: null, agent: 'a test' };

function countedPasswords(): CountedPasswords {
  const real = createPasswords();
  const counted: CountedPasswords = {
    work: 0,
    hash(password) {
      counted.work += 1;
      return real.hash(password);
    },
    verify(password, hash) {
      counted.work += 1;
      return real.verify(password, hash);
    },
    isWeak: (hash) => real.isWeak(hash),
  };
  return counted;
}
