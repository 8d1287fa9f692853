import { homePath, type SectionKind, sectionPath } from '../site.ts';
import { selectionNames } from './announced-feed.ts';
import type { View } from './view.ts';

/** The feed that an address under `/feeds/select` asks for. */
export interface FeedSelection {
  /** URL path of its JSON document. */
  readonly documentPath: string;
  /** How the selection is written in an address, with its `?`; empty for everything. */
  readonly query: string;
}

const kinds: readonly SectionKind[] = ['countries', 'topics', 'authors'];

/**
 * Everything, or one configured country, topic or author; null for an unknown key and for more than one of them.
 *
 * @param queries Values of each parameter, from the network; parameters of other names don't count.
 */
export function findSelection(view: View, queries: Readonly<Record<string, readonly string[]>>): FeedSelection | null {
  const chosen = kinds.flatMap((kind) =>
    (Object.hasOwn(queries, selectionNames[kind]) ? (queries[selectionNames[kind]] ?? []) : []).map((key) => ({
      kind,
      key,
    })),
  );
  const [only, ...more] = chosen;
  if (only === undefined) return { documentPath: `${homePath(view.site, view.lang)}feed.json`, query: '' };
  if (more.length > 0 || view.sectionTitle(only.kind, only.key) === null) return null;
  return {
    documentPath: `${sectionPath(view.site, view.lang, only.kind, only.key)}/feed.json`,
    query: `?${selectionNames[only.kind]}=${encodeURIComponent(only.key)}`,
  };
}
