/*
 * A spreadsheet takes a cell that starts like a formula for one and runs it. An apostrophe before it says "text"; an
 * apostrophe that was there before gets a second one, so that taking one off gives back what was written. What stands
 * behind a semicolon, a tab or a line's end is guarded too: where those part cells, as in half of the world's Excel, quotes
 * in the middle of one hold nothing together.
 */

const start = '(?<=^|[;\\t\\r\\n])';
const formula = "'*[=+\\-@\\t\\r\\uff1d\\uff0b\\uff0d\\uff20]";
const unguarded = new RegExp(`${start}(?=${formula})`, 'g');
const guards = new RegExp(`${start}'(?=${formula})`, 'g');

/** The cell as it may stand in a file that a spreadsheet opens. */
export function guardFormula(cell: string): string {
  return cell.replace(unguarded, "'");
}

/** The cell as it was before {@link guardFormula}. */
export function unguardFormula(cell: string): string {
  return cell.replace(guards, '');
}
