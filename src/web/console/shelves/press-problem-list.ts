import type { PressProblem } from '../../../rooms/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import { sentenceText } from '../html/sentence-text.ts';

const mostShown = 20;

/** What is wrong with feeds and pictures, with the article's file where one is concerned; nothing where nothing is. */
export function pressProblemList({ shelves }: ConsoleApp, problems: readonly PressProblem[]): Html | '' {
  if (problems.length === 0) return nothing;
  const more = problems.length - mostShown;
  return html`<ul class="problems">${problems
    .slice(0, mostShown)
    .map(
      ({ message, paths, article }) =>
        html`<li><p><code dir="ltr">${fileOf(shelves.catalog(), article) ?? paths[0]}</code>${paths.length > 1 ? ` in ${paths.length.toLocaleString('en')} documents` : nothing}</p><p>${sentenceText(message)}</p></li>`,
    )}</ul>${more > 0 ? html`<p class="help">And ${more.toLocaleString('en')} more: the log has them all.</p>` : nothing}`;
}

function fileOf({ articles }: ReturnType<ConsoleApp['shelves']['catalog']>, id: string | null): string | null {
  const found = id === null ? undefined : articles.find((article) => article.id === id);
  return found === undefined ? null : `content/${found.path}`;
}
