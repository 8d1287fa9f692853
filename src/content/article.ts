import type { Instant } from '../clock.ts';

/** What the front matter says; `scheduled` is not written but follows from a date in the future. */
export type DeclaredStatus = 'draft' | 'published' | 'withdrawn';

/**
 * Where an article stands at an instant. A published one whose file goes, turns draft or gets a date in the future counts
 * as withdrawn; at that date it is out again.
 */
export type ArticleState = 'draft' | 'scheduled' | 'published' | 'withdrawn';

export const articleTransitions: Readonly<Record<ArticleState, readonly ArticleState[]>> = {
  draft: ['scheduled', 'published', 'withdrawn'],
  scheduled: ['draft', 'published', 'withdrawn'],
  published: ['withdrawn'],
  withdrawn: ['scheduled', 'published'],
};

export type Priority = 'lead' | 'normal' | 'brief' | 'breaking';

/** How a translation came about, where readers must be told. */
export type Translation = 'machine';

export interface Author {
  /** The key in `silkpost.yaml`, which has a feed; null for one named only here. */
  readonly key: string | null;
  readonly name: string;
  readonly url?: string | undefined;
  readonly email?: string | undefined;
}

export interface Place {
  readonly name: string;
  /** Degrees, WGS 84. */
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
}

/** A picture beside the article (served at `/articles/SLUG/FILE`) or anywhere else. */
export interface Picture {
  /** Absolute URL. */
  readonly url: string;
  /** Absolute URL of the PNG or JPEG for mail and readers without SVG; equal to `url` where that is one. */
  readonly rasterUrl: string | null;
  readonly alt: string;
  readonly caption?: string | undefined;
  readonly credit?: string | undefined;
  /** Pixels of the raster file (else of the file itself), where it could be read. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Bytes and media type of the raster file (else of the file itself), where it could be read. */
  readonly bytes?: number | undefined;
  readonly type?: string | undefined;
}

export interface Audio {
  readonly url: string;
  readonly type: string;
  readonly bytes?: number | undefined;
  /** Seconds: what front matter says, else what the file says. */
  readonly duration?: number | undefined;
}

export interface Source {
  readonly title: string;
  readonly url?: string | undefined;
}

export interface Correction {
  readonly date: Instant;
  readonly text: string;
}

/** A file beside the article that its text or front matter names. */
export interface Attachment {
  /** Name in the URL (`/articles/SLUG/NAME`). */
  readonly name: string;
  /** Path relative to `content/`. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * One article in one language, parsed and checked: inside Silkpost its values are trusted. Its text isn't in it, so that
 * a hundred thousand of them fit into memory; `LiveCatalog.bodyOf` has it.
 */
export interface Article {
  /** An IRI, minted once, never changed. */
  readonly id: string;
  readonly lang: string;
  readonly slug: string;
  /** Path of the file relative to `content/`, with forward slashes. */
  readonly path: string;
  readonly status: DeclaredStatus;
  /** Plain text. */
  readonly title: string;
  /** Plain text. */
  readonly summary: string;
  readonly date: Instant;
  /** The last significant change: at least `date` and the newest correction's date. */
  readonly updated: Instant;
  /** When it was first seen published; null until then. */
  readonly publishedAt: Instant | null;
  /** The `date` that it was first published with: its place in the archive, which never changes. */
  readonly archiveDate: Instant;
  /** When it was seen to be taken back, in the file or with it; null while it isn't. */
  readonly withdrawnAt: Instant | null;
  /** The slug shared by all translations of one story. */
  readonly storySlug: string;
  /** `machine`: readers are told that its text was translated by machine; null where there is nothing to tell. */
  readonly translation: Translation | null;
  readonly authors: readonly Author[];
  /** Keys of `silkpost.yaml`. */
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly place: Place | null;
  readonly image: Picture | null;
  readonly audio: Audio | null;
  /** Where it lives if not on this site. */
  readonly link: string | null;
  /** Absolute: `link`, else its page on this site. */
  readonly url: string;
  readonly aliases: readonly string[];
  /** `LANG/SLUG` under which it was published before. */
  readonly formerAddresses: readonly string[];
  readonly sources: readonly Source[];
  readonly priority: Priority;
  readonly corrections: readonly Correction[];
  /** Every file beside it that its front matter or its text names. */
  readonly attachments: readonly Attachment[];
  readonly words: number;
  /** Hash (hex) of everything that readers see, its text included; equal hashes render equally. */
  readonly contentHash: string;
}

export interface ArticleBody {
  /** Sanitised, every URL absolute. */
  readonly html: string;
}

/** An article with its text. */
export interface FullArticle extends Article, ArticleBody {}

export function articleStateAt(
  { status, date, publishedAt }: Pick<Article, 'status' | 'date' | 'publishedAt'>,
  now: Instant,
): ArticleState {
  if (status === 'withdrawn') return 'withdrawn';
  if (status === 'published' && date <= now) return 'published';
  if (publishedAt !== null) return 'withdrawn';
  return status === 'draft' ? 'draft' : 'scheduled';
}
