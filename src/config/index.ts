export type { Config } from './config.ts';
export type { ConfigOptions } from './read-config.ts';
export { readConfig } from './read-config.ts';
