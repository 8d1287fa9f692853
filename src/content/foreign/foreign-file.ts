import type { Site } from '../../site.ts';
import type { articleSchema } from '../front-matter/article-schema.ts';

export type NativeKey = keyof typeof articleSchema.shape;

/** One file of another system while its front matter is put into Silkpost's words. */
export interface ForeignFile {
  /** Relative to `content/`. */
  readonly path: string;
  readonly site: Site;
  /** The Markdown, where it is at hand. */
  readonly body: string | null;
  /** The front matter as it stands in the file, its text clean. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Gives one of Silkpost's keys its value, found under `from`; undefined takes the key away. */
  set(key: NativeKey, value: unknown, from?: string): void;
  /** Notes what an editor should know about a key of the file; null is the file as a whole. */
  note(key: string | null, code: string, message: string): void;
}
