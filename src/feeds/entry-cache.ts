import type { FeedEntry, FeedFormat } from './feed.ts';

/** About 64 MB of memory at two bytes a character. */
const defaultLimit = 32 * 1024 * 1024;

/** Rendered entries by format and content, the least recently used dropped first. */
export class EntryCache {
  readonly #limit: number;
  readonly #pieces = new Map<string, string>();
  #characters = 0;

  /** @param limit characters kept at most. */
  constructor(limit: number = defaultLimit) {
    this.#limit = limit;
  }

  /** The piece that was kept, or else what `render` gives; whatever it throws is passed on and nothing is kept. */
  get(format: FeedFormat, entry: FeedEntry, render: (entry: FeedEntry) => string): string {
    const key = `${format} ${entry.contentHash}`;
    const known = this.#pieces.get(key);
    if (known !== undefined) {
      this.#pieces.delete(key);
      this.#pieces.set(key, known);
      return known;
    }
    const made = render(entry);
    this.#pieces.set(key, made);
    this.#characters += made.length;
    this.#trim();
    return made;
  }

  #trim(): void {
    for (const [key, piece] of this.#pieces) {
      if (this.#characters <= this.#limit) return;
      this.#pieces.delete(key);
      this.#characters -= piece.length;
    }
  }
}
