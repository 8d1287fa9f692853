/**
 * The cells of a record (RFC 4180 §2), without the spaces around them: those in quotes keep what is inside. A quote within
 * a cell that doesn't begin with one is part of it. Null where something stands behind a closing quote.
 *
 * @param text A whole record: every quote that is opened is closed.
 */
export function splitRecord(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const cell = readCell(text, at, delimiter);
    if (cell === null) return null;
    cells.push(cell.value);
    at = cell.end + 1;
  }
  return cells;
}

interface Cell {
  readonly value: string;
  /** Where the delimiter after it is, or the text's end. */
  readonly end: number;
}

function readCell(text: string, start: number, delimiter: string): Cell | null {
  const first = skipSpaces(text, start, delimiter);
  if (text[first] !== '"') {
    const end = endOfCell(text, start, delimiter);
    return { value: text.slice(start, end).trim(), end };
  }
  let value = '';
  let from = first + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return null;
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const end = skipSpaces(text, quote + 1, delimiter);
      return end === text.length || text[end] === delimiter ? { value, end } : null;
    }
    value += '"';
    from = quote + 2;
  }
}

function endOfCell(text: string, start: number, delimiter: string): number {
  const end = text.indexOf(delimiter, start);
  return end < 0 ? text.length : end;
}

/** A tab is no space where it separates cells. */
function skipSpaces(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
