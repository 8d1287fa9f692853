export type { Config } from './config.ts';
export { publicationSchema } from './publication-file.ts';
export { readConfig } from './read-config.ts';
