export { nextDue, parseCadence, previousDue } from './cadence.ts';
export type { DeskProgress, DeskTransport, EditionDesk, EditionDeskOptions, NewIssue } from './edition-desk.ts';
export { createEditionDesk } from './edition-desk.ts';
export type { Scheduler } from './scheduler.ts';
export { startScheduler } from './scheduler.ts';
