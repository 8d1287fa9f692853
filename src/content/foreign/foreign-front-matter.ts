import type { Site } from '../../site.ts';
import { readAddresses } from './foreign-addresses.ts';
import { readDates } from './foreign-dates.ts';
import type { ForeignFile } from './foreign-file.ts';
import { readId } from './foreign-id.ts';
import { readImage } from './foreign-image.ts';
import { isForeignFile, isForeignKey, knownSpelling } from './foreign-keys.ts';
import { readStatus } from './foreign-status.ts';
import { readAuthors, readTerms } from './foreign-terms.ts';
import { readTexts } from './foreign-texts.ts';

/** Front matter in Silkpost's words. */
export interface ForeignReading {
  /** Silkpost's own keys, and those that nobody knows. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The key in the file that one of Silkpost's keys has its value from, where that is another. */
  readonly origins: ReadonlyMap<string, string>;
  readonly notes: readonly ForeignNote[];
}

export interface ForeignNote {
  /** Where in the file; empty: the file as a whole. */
  readonly at: readonly string[];
  readonly code: string;
  readonly message: string;
}

export interface ForeignContext {
  /** Of the file, relative to `content/`. */
  readonly path: string;
  readonly site: Site;
  /** Whether the way it is written tells that it isn't Silkpost's own; default: what its keys tell. */
  readonly isForeign?: boolean;
  /** The Markdown, from which a missing summary is taken; null: it isn't. */
  readonly body: string | null;
}

const noOrigins: ReadonlyMap<string, string> = new Map();

/**
 * Puts the front matter of Hugo, Jekyll, Eleventy and of WordPress' exporters into Silkpost's words: docs/migrating.md
 * says how. Silkpost's own files come back as they are. What can't be kept is noted; nothing is refused here.
 */
export function readForeignFrontMatter(value: object, { path, site, body, isForeign }: ForeignContext): ForeignReading {
  const own = Object.fromEntries(Object.entries(value));
  if (!isForeign && !isForeignFile(own, path)) return { value: own, origins: noOrigins, notes: [] };

  const { written, spellings } = withKnownKeys(own);
  const values = new Map(Object.entries(written).filter(([key]) => !isForeignKey(key)));
  const origins = new Map(spellings);
  const notes: ForeignNote[] = [];
  const file: ForeignFile = {
    path,
    site,
    body,
    written,
    set(key, given, from) {
      if (given === undefined) values.delete(key);
      else values.set(key, given);
      if (from !== undefined && from !== key) origins.set(key, spellings.get(from) ?? from);
    },
    note: (key, code, message) => notes.push({ at: key === null ? [] : [spellings.get(key) ?? key], code, message }),
  };
  readId(file);
  readTexts(file);
  readDates(file);
  readStatus(file);
  readAuthors(file);
  readTerms(file);
  readImage(file);
  readAddresses(file);
  return { value: Object.fromEntries(values), origins, notes };
}

/** The front matter with each key as it is known here, and how the file spells those that it spells otherwise. */
function withKnownKeys(own: Readonly<Record<string, unknown>>): {
  readonly written: Readonly<Record<string, unknown>>;
  readonly spellings: ReadonlyMap<string, string>;
} {
  const spellings = new Map<string, string>();
  const entries = Object.entries(own).map(([key, value]): [string, unknown] => {
    const known = knownSpelling(key);
    if (known === null || known === key || Object.hasOwn(own, known)) return [key, value];
    spellings.set(known, key);
    return [known, value];
  });
  return { written: Object.fromEntries(entries), spellings };
}
