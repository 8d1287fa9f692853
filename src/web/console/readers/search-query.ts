import type { ReaderChoices, ReaderPlace, ReaderSearch } from '../../../subscribers/index.ts';
import { standings } from '../../../subscribers/index.ts';

const longestText = 254;

/** Whom the page's address asks for; what isn't known of it counts as not said. */
export function readSearch(
  query: URLSearchParams,
  { newsletters, languages }: Pick<ReaderChoices, 'newsletters' | 'languages'>,
): ReaderSearch {
  const chosen = <Choice extends string>(name: string, known: readonly Choice[]): Choice | null =>
    known.find((choice) => choice === query.get(name)) ?? null;
  return {
    text: (query.get('q') ?? '').slice(0, longestText),
    by: query.get('by') === 'name' ? 'name' : 'address',
    standing: chosen('state', standings),
    newsletter: chosen('newsletter', newsletters),
    lang: chosen('lang', languages),
  };
}

/** `7~ann@example.com`, as the pager carries it; null for what isn't one. */
export function readPlace(text: string | null): ReaderPlace | null {
  const [, id, key] = /^(\d{1,16})~(.*)$/su.exec(text ?? '') ?? [];
  return id === undefined || key === undefined ? null : { id: Number(id), key };
}

export function placeText({ id, key }: ReaderPlace): string {
  return `${id}~${key}`;
}
