import { type Instant, toInstant } from '../clock.ts';

// As ISO 8601 has it, Python and SQL print it, and Go: 2023-01-02 15:04:05.999 +0000 UTC
const written =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})? ?(Z|UTC|[+-]\d{2}:?\d{2})?(?: [A-Z+-][A-Z0-9+-]{0,5})?)?$/;

/** A time as exports write it, in UTC where it names no zone; null where it isn’t one. */
export function parseImportTime(text: string): Instant | null {
  const [, date, minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = written.exec(text.trim()) ?? [];
  if (date === undefined) return null;
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${date}T${minutes}${seconds}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(ms) ? null : toInstant(ms);
}
