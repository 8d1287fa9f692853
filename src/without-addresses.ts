import type { Log } from './log.ts';

/** A text with everything that looks like a mail address taken out: relays name readers in what they say. */
export function withoutAddresses(text: string): string {
  return text.replace(/(?<![^\s<>()"“”,;:])[^\s<>()"“”,;:]+@[^\s<>()"“”,;:]+/g, '(an address)');
}

/** A log whose sentences name no reader, for whoever passes on what relays say. */
export function logWithoutAddresses(log: Log): Log {
  const clean = (fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => {
    const { message } = fields;
    return typeof message === 'string' ? { ...fields, message: withoutAddresses(message) } : fields;
  };
  return {
    info: (event, fields) => log.info(event, clean(fields)),
    warn: (event, fields) => log.warn(event, clean(fields)),
    error: (event, fields) => log.error(event, clean(fields)),
  };
}
