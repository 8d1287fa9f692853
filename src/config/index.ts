export { checkConfig } from './check-config.ts';
export { checkPublicDir } from './check-public-dir.ts';
export type { Config } from './config.ts';
export { publicationSchema } from './publication-file.ts';
export { readConfig } from './read-config.ts';
