import { type Html, html, nothing } from '../../html/html.ts';

export interface Column {
  readonly title: string;
  /** Whether it holds numbers, units under units. */
  readonly isNumber?: boolean;
  /** Whether its cells need more than their share of a phone’s width. */
  readonly isWide?: boolean;
}

/** With so many a table doesn't fit beside each other on a phone. */
const manyColumns = 4;

/**
 * A table that scrolls by itself where it is too wide, by keyboard too. One of many columns, or with a wide one, stands
 * below each other on a phone, each cell with its column's title.
 *
 * @param caption what it lists, for those who hear it.
 * @param rows a cell for each column; the first names the row.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  const isStacking = columns.length >= manyColumns || columns.some(({ isWide }) => isWide);
  return html`<div class="table${isStacking ? ' stacking' : nothing}" role="region" aria-label="Table: ${caption}" tabindex="0"><table><caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(({ title, isNumber }) => html`<th scope="col"${numberClass(isNumber)}>${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => tableCell(isStacking && index > 0 ? html`<div>${cell}</div>` : cell, index, columns[index]))}</tr>\n`)}</tbody></table></div>`;
}

function tableCell(cell: Html | string, index: number, column: Column = { title: '' }): Html {
  return index === 0
    ? html`<th scope="row"${numberClass(column.isNumber)}>${cell}</th>`
    : html`<td${numberClass(column.isNumber)} data-title="${column.title}">${cell}</td>`;
}

function numberClass(isNumber = false): Html | '' {
  return isNumber ? html` class="number"` : nothing;
}
