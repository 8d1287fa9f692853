import type { ContentProblem } from '../../../content/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import { sentenceText } from '../html/sentence-text.ts';

/** What is wrong with files, where, and what to do: as `silkpost check` says it. */
export function problemList(problems: readonly ContentProblem[]): Html {
  return html`<ul class="problems">${problems.map(
    (problem) =>
      html`<li><p><code dir="ltr">${placeOf(problem)}</code>${problem.field === null ? nothing : html` <b><bdi>${problem.field}</bdi></b>`}${
        problem.blocking ? html` <span class="bad">left out until it is mended</span>` : nothing
      }</p><p>${sentenceText(problem.message)}</p></li>`,
  )}</ul>`;
}

/** `content/2023-04-09-tehran-talks.md:3:1` */
function placeOf({ file, line, column }: ContentProblem): string {
  return [file, line, column].filter((part) => part !== null).join(':');
}
