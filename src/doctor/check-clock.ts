import { stat } from 'node:fs/promises';
import type { Finding } from '../operators/index.ts';
import { findingsOf } from './finding.ts';

const { ok, note, warning } = findingsOf('clock');
/** More than this, and Date and signatures look wrong to receivers. */
const maxOffsetMs = 5 * 60_000;
const fix = 'Let the machine keep its time (timedatectl set-ntp true), then look at what is held before you send.';

/**
 * The clock against what else shows a time: the relay's greeting, and the database, which a running worker writes every
 * few seconds.
 *
 * @param greeting What the relay said first, or null.
 */
export async function checkClock(greeting: string | null, databaseFile: string, now: Date): Promise<Finding[]> {
  const written = Math.max(...(await Promise.all([databaseFile, `${databaseFile}-wal`].map(writtenMs))));
  if (written - now.getTime() > maxOffsetMs) {
    const at = new Date(written).toISOString();
    return [warning(`The database was written at ${at}, which is yet to come: the clock was set back.`, fix)];
  }
  const shown = greeting === null ? null : dateIn(greeting);
  if (shown === null) {
    return [
      note(
        'Nothing here shows another clock’s time, so that only a clock set back would be noticed.',
        'Compare: date -u',
      ),
    ];
  }
  const offsetMs = now.getTime() - shown;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (Math.abs(offsetMs) > maxOffsetMs) {
    return [warning(`The clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the relay’s.`, fix)];
  }
  return [ok(`The clock and the relay’s are at most ${Math.max(seconds, 1)} s apart.`)];
}

/** A date as mail has it (RFC 5322 §3.3), which some relays put into their greeting. */
function dateIn(text: string): number | null {
  const date = /\b\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}\b/.exec(text)?.[0];
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
}

async function writtenMs(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return 0; // there is none yet
  }
}
