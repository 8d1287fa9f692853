import type { Instant } from '../clock.ts';
import type { Article } from '../content/index.ts';

export type FeedFormat = 'rss' | 'atom' | 'json';

export const feedFormats: readonly FeedFormat[] = ['rss', 'atom', 'json'];

export const feedFileNames: Readonly<Record<FeedFormat, string>> = {
  rss: 'rss.xml',
  atom: 'atom.xml',
  json: 'feed.json',
};

export const feedContentTypes: Readonly<Record<FeedFormat, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

export interface FeedPerson {
  readonly name: string;
  readonly url?: string | undefined;
  readonly email?: string | undefined;
}

export interface FeedCategory {
  /** `country:armenia`, `topic:security` */
  readonly term: string;
  readonly label: string;
}

export interface FeedEnclosure {
  readonly url: string;
  readonly type: string;
  /** Bytes; 0 where nobody knows. */
  readonly length: number;
}

export interface FeedImage {
  readonly url: string;
  readonly type?: string | undefined;
  readonly alt: string;
  readonly credit?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly bytes?: number | undefined;
}

/** One entry, the same in every feed that holds it, made by `createEntry`. Texts are plain unless named html. */
export interface FeedEntry {
  /** An immutable IRI. */
  readonly id: string;
  /** Absolute; empty where it has none. */
  readonly url: string;
  readonly lang: string;
  readonly title: string;
  readonly summary: string;
  readonly html: string;
  readonly published: Instant;
  readonly updated: Instant;
  readonly authors: readonly FeedPerson[];
  readonly categories: readonly FeedCategory[];
  readonly image: FeedImage | null;
  readonly audio: (FeedEnclosure & { readonly duration?: number | undefined }) | null;
  readonly place: {
    readonly name: string;
    readonly lat?: number | undefined;
    readonly lon?: number | undefined;
  } | null;
  /** Equal hashes are equal entries: rendered pieces are kept by it. */
  readonly contentHash: string;
}

/** What a feed lists: an article whose entry is made only where it is needed, or an entry. */
export type FeedItem = Article | FeedEntry;

/** One document in each format, absolute. */
export type FeedUrls = Readonly<Record<FeedFormat, string>>;

/** Where a document stands in its feed's archive (RFC 5005 §4). */
export interface FeedHistory {
  /** The subscription document: what readers poll. */
  readonly current: FeedUrls;
  /** The archive document just before this one; null: this one is the oldest. */
  readonly previous: FeedUrls | null;
  /** The archive document just after this one; null: this one is the newest, or no archive document. */
  readonly next: FeedUrls | null;
  readonly isArchive: boolean;
}

/** What is left of an entry that was withdrawn (RFC 6721 §3). */
export interface Tombstone {
  readonly id: string;
  readonly at: Instant;
}

/** One selection of entries in one language, ready for any format. */
export interface Feed {
  /** An immutable IRI for Atom's `id`. */
  readonly id: string;
  /** URL path without the file name, with a trailing slash: `/`, `/fa/`, `/fa/countries/armenia/`. */
  readonly path: string;
  readonly lang: string;
  readonly title: string;
  readonly description: string;
  /** The readable page with the same selection, absolute. */
  readonly pageUrl: string;
  /** Absolute URL of each format. */
  readonly urls: FeedUrls;
  /** WebSub hubs that are told of changes, absolute. */
  readonly hubs: readonly string[];
  /** Null: it has no archive, or none yet. */
  readonly history: FeedHistory | null;
  /** The newest of its entries’ `updated` and its withdrawals; for an empty feed the first instant of 2000. */
  readonly updated: Instant;
  readonly publisher: FeedPerson;
  /** A wide picture, or null: RSS `image`, Atom `logo` (2:1, RFC 4287 §4.2.8). */
  readonly image: string | null;
  /** A square picture, or null: Atom `icon` (1:1, §4.2.5), `icon` and `favicon` of JSON Feed. */
  readonly icon: string | null;
  /** Seconds a client may keep the document. */
  readonly maxAge: number;
  /** Newest first. */
  readonly entries: readonly FeedItem[];
  /** None of its entries, newest first. */
  readonly withdrawn: readonly Tombstone[];
}
