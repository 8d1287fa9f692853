import { type Html, html } from './html.ts';

/** Two threads that cross over and under on a madder tile. It keeps its direction in right-to-left pages. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 96 96" aria-hidden="true" focusable="false"><path class="mark-ground" d="M0 0h96v96H0z"/><g fill="none" stroke-width="11" stroke-miterlimit="8"><path class="mark-weft" d="M-16 68L16 28L26 40.5M38 55.5L48 68L80 28L90 40.5"/><path class="mark-warp" d="M6 55.5L16 68L48 28L58 40.5M70 55.5L80 68L112 28"/></g></svg>`;
}
