export { nextDue, parseCadence } from './cadence.ts';
export type { EditionDesk } from './edition-desk.ts';
export { createEditionDesk } from './edition-desk.ts';
export { startScheduler } from './scheduler.ts';
export { findTroubles } from './troubles.ts';
