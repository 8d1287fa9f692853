import { isolated } from '../reader-links.ts';
import type { View } from '../view.ts';
import { type Html, html } from './html.ts';

/** Countries, topics and languages as a reader chose them, in words. */
export function wishList(
  view: View,
  lists: {
    readonly countries: readonly string[];
    readonly topics: readonly string[];
    readonly languages: readonly string[];
  },
): Html {
  const { locale, site } = view;
  const titles = (kind: 'countries' | 'topics', keys: readonly string[]): string =>
    keys.length === 0
      ? locale.t('site.wishes_all')
      : locale.list(keys.map((key) => view.sectionTitle(kind, key) ?? key));
  const rows = [
    ...(['countries', 'topics'] as const)
      .filter((kind) => Object.keys(site[kind]).length > 0)
      .map((kind) => ({ term: locale.t(`site.${kind}`), text: titles(kind, lists[kind]) })),
    {
      term: locale.t('site.languages'),
      text: lists.languages.map((language) => isolated(view.languageName(language))).join(' → '),
    },
  ];
  return html`<dl class="lists">${rows.map(({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}
