export { checkConfig } from './check-config.ts';
export type { Config } from './config.ts';
export { publicationSchema } from './publication-file.ts';
export { readConfig } from './read-config.ts';
