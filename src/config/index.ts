export type { Config, Relay } from './config.ts';
