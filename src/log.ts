import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Loaded with the first log in lines of JSON: commands that a person runs have none. */
const loadPino = (): typeof import('pino') => require('pino');

/** Structured events. `event` is one of the words of the manual's list (`ready`, `problem`, `rebuild`, `edition` …). */
export interface Log {
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** JSON lines on stdout: `{level, time, event, …}`. */
export function createJsonLog(level: string): Log {
  const { pino } = loadPino();
  const logger = pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  };
}
