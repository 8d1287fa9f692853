export type { Config } from './config.ts';
export { publicationSchema } from './publication-file.ts';
export type { ConfigOptions } from './read-config.ts';
export { readConfig } from './read-config.ts';
