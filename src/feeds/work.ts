/** The area's second door: what a thread needs of it, which is little. */
export { createEntryWork, type SetEntry } from './press/set-entry.ts';
