import { type Html, html, nothing } from '../../html/html.ts';

export interface Column {
  readonly title: string;
  /** Whether it holds numbers, units under units. */
  readonly isNumber?: boolean;
}

/**
 * A table that scrolls by itself where it is too wide, by keyboard too.
 *
 * @param caption what it lists, for those who hear it.
 * @param rows a cell for each column; the first names the row.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table><caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(({ title, isNumber }) => html`<th scope="col"${numberClass(isNumber)}>${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => tableCell(cell, index, columns[index]?.isNumber))}</tr>\n`)}</tbody></table></div>`;
}

function tableCell(cell: Html | string, index: number, isNumber = false): Html {
  return index === 0
    ? html`<th scope="row"${numberClass(isNumber)}>${cell}</th>`
    : html`<td${numberClass(isNumber)}>${cell}</td>`;
}

function numberClass(isNumber = false): Html | '' {
  return isNumber ? html` class="number"` : nothing;
}
