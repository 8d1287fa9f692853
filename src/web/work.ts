/** The area's second door: what a build needs of it, without the server. */
export { writeOpmlFiles } from './opml-files.ts';
