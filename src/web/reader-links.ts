import { languagePrefix } from '../site.ts';
import type { View } from './view.ts';

/** What readers' own pages stand under. */
export type ReaderArea = 'confirm' | 'preferences' | 'unsubscribe' | 'address' | 'new-address' | 'data' | 'erase';

/** A reader's own page in the view's language, as a link or form takes it. */
export function readerHref(view: View, area: ReaderArea, token: string): string {
  return view.href(`${languagePrefix(view.site, view.lang)}/${area}/${encodeURIComponent(token)}`);
}

/** The same page in each language, for the way from one to another. */
export function readerTranslations({ site }: View, area: ReaderArea, token: string): Record<string, string> {
  return Object.fromEntries(
    site.languages.map((lang) => [lang, `${languagePrefix(site, lang)}/${area}/${encodeURIComponent(token)}`]),
  );
}

/** Text within a sentence that may run in the other direction: FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
