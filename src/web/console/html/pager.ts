import { type Html, html, nothing } from '../../html/html.ts';
import type { AnyRequest } from '../console-request.ts';

/**
 * On to the next page of a list that is paged by key, and back to its first; the rest of the query stays.
 *
 * @param path below `/console`.
 * @param next what `after` is on the next page; null on the last.
 */
export function pager({ query, consolePath }: AnyRequest, path: string, next: string | null): Html | '' {
  const isFirst = !query.has('after');
  if (isFirst && next === null) return nothing;
  const to = (after: string | null): string => {
    const target = new URLSearchParams(query);
    target.delete('after');
    if (after !== null) target.set('after', after);
    return consolePath(path) + (target.size === 0 ? '' : `?${target}`);
  };
  return html`<nav class="pager" aria-label="Pages">${isFirst ? nothing : html`<a class="button" href="${to(null)}">First page</a>`}${next === null ? nothing : html`<a class="button" rel="next" href="${to(next)}">Next page</a>`}</nav>`;
}
