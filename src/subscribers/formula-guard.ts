/*
 * A spreadsheet takes a cell that starts like a formula for one and runs it. An apostrophe before it says "text"; an
 * apostrophe that was there before gets a second one, so that taking one off gives back what was written.
 */

const startsLikeFormula = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const guarded = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The cell as it may stand in a file that a spreadsheet opens. */
export function guardFormula(cell: string): string {
  return startsLikeFormula.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before {@link guardFormula}. */
export function unguardFormula(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}
