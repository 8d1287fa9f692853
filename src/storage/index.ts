export type { Database } from './database.ts';
export { openDatabase } from './database.ts';
