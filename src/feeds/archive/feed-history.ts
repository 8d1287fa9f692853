import type { FeedFormat, FeedHistory } from '../feed.ts';

/** For `fh:archive`, which marks an archive document (RFC 5005 §4). */
export const historyNamespace = 'http://purl.org/syndication/history/1.0';

/** A document's links into its archive: from a subscription document only to the newest part (RFC 5005 §4). */
export function historyLinks(
  history: FeedHistory | null,
  format: FeedFormat,
): { readonly rel: string; readonly href: string }[] {
  if (history === null) return [];
  const { current, previous, next, isArchive } = history;
  return [
    ...(isArchive ? [{ rel: 'current', href: current[format] }] : []),
    ...(previous === null ? [] : [{ rel: 'prev-archive', href: previous[format] }]),
    ...(next === null ? [] : [{ rel: 'next-archive', href: next[format] }]),
  ];
}
