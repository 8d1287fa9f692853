import type { Log } from '../log.ts';
import type { Terminal } from './terminal.ts';

/** What went wrong, as sentences. */
export function createFaultLog(terminal: Terminal): Log {
  const say = (_event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    if (typeof fields['message'] === 'string') terminal.say(fields['message']);
  };
  return { info() {}, warn: say, error: say };
}

/** Only what a person has to see of a program that keeps running, as sentences. */
export function createPersonLog(terminal: Terminal): Log {
  return {
    ...createFaultLog(terminal),
    info(event, fields = {}) {
      if (event === 'edition') terminal.say(`${fields['id']}: ${fields['state']}`);
      if (event === 'rebuild' && typeof fields['written'] === 'number' && fields['written'] > 0) {
        terminal.say(`${fields['written']} feed documents written`);
      }
      if (event === 'stopping') terminal.say('Stopping.');
    },
  };
}
