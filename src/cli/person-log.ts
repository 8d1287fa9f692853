import type { Log } from '../log.ts';
import type { Terminal } from './terminal.ts';

/** What went wrong, and that the database was brought up to date, as sentences. */
export function createFaultLog(terminal: Terminal): Log {
  const say = (_event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    if (typeof fields['message'] === 'string') terminal.say(fields['message']);
  };
  return {
    info(event, fields) {
      if (event === 'upgrade') say(event, fields);
    },
    warn: say,
    error: say,
  };
}

/** Only what a person has to see of a program that keeps running, as sentences. */
export function createPersonLog(terminal: Terminal): Log {
  const faults = createFaultLog(terminal);
  return {
    ...faults,
    info(event, fields = {}) {
      faults.info(event, fields);
      if (event === 'edition') terminal.say(`${fields['id']}: ${fields['state']}`);
      if (event === 'rebuild' && typeof fields['written'] === 'number' && fields['written'] > 0) {
        terminal.say(`${fields['written']} feed documents written`);
      }
      if (event === 'stopping') terminal.say('Stopping.');
    },
  };
}
