import { selectionQuery } from '../feeds/index.ts';
import { selectionPath } from '../site.ts';
import type { LeavingOffer } from '../subscribers/index.ts';
import type { View } from './view.ts';

/** The page of the feed with the stories that a newsletter brings a reader, in the reader's language. */
export function sameFeedPath({ site, newsletters }: View, { newsletter, lists }: LeavingOffer): string {
  const select = newsletters.find(({ name }) => name === newsletter)?.select;
  const query = selectionQuery({
    countries: both(select?.countries ?? [], known(lists.countries, site.countries)),
    topics: both(select?.topics ?? [], known(lists.topics, site.topics)),
    authors: [],
  });
  const lang = site.languages.includes(lists.lang) ? lists.lang : (site.languages[0] ?? lists.lang);
  return selectionPath(site, lang) + (query === '' ? '' : `?${query}`);
}

/** What is in both lists; an empty one means all. Of two that have nothing in common the newsletter's counts. */
function both(ofNewsletter: readonly string[], ofReader: readonly string[]): readonly string[] {
  if (ofNewsletter.length === 0) return ofReader;
  const common = ofNewsletter.filter((key) => ofReader.includes(key));
  return (common.length > 0 ? common : ofNewsletter).toSorted();
}

function known(keys: readonly string[], sections: Readonly<Record<string, unknown>>): readonly string[] {
  return keys.filter((key) => Object.hasOwn(sections, key)).toSorted();
}
