import type { Article } from '../article.ts';

/** What only the few articles are asked for that are shown: packed until then. */
export type ArticleDetails = Pick<
  Article,
  | 'title'
  | 'summary'
  | 'translation'
  | 'place'
  | 'image'
  | 'audio'
  | 'link'
  | 'url'
  | 'sources'
  | 'priority'
  | 'corrections'
  | 'words'
>;

/** What every article is asked for in each list, order and search. */
export type ArticleCore = Omit<Article, keyof ArticleDetails>;

const usualDetails: Pick<
  ArticleDetails,
  'translation' | 'place' | 'image' | 'audio' | 'link' | 'sources' | 'priority' | 'corrections'
> = Object.freeze({
  translation: null,
  place: null,
  image: null,
  audio: null,
  link: null,
  sources: Object.freeze([]),
  priority: 'normal',
  corrections: Object.freeze([]),
});

/** Where details lie as JSON; `start` and `length` of one article's are in bytes. */
interface Details {
  read(start: number, length: number): ArticleDetails;
  text(start: number, length: number): string;
}

/** Details of one article that was just read, until they are packed. */
class LooseDetails implements Details {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ArticleDetails {
    return parseDetails(this.#text);
  }

  text(): string {
    return this.#text;
  }
}

/** Details of many articles, one after the other in one piece of memory, which a collector needn't look through. */
export class DetailBlock implements Details {
  readonly #bytes: Buffer;
  /** What was read last: whoever asks for a title asks for more of the same article. */
  #last: { readonly start: number; readonly details: ArticleDetails } | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param start of the details' JSON, with its length, in bytes. */
  read(start: number, length: number): ArticleDetails {
    if (this.#last?.start === start) return this.#last.details;
    const details = parseDetails(this.text(start, length));
    this.#last = { start, details };
    return details;
  }

  text(start: number, length: number): string {
    return this.#bytes.toString('utf8', start, start + length);
  }
}

/** @param text Only detailsText wrote it. */
function parseDetails(text: string): ArticleDetails {
  return { ...usualDetails, ...JSON.parse(text) };
}

/**
 * An article in about a third of the memory. Its details are getters, which no spread copies: {@link changedArticle}
 * and {@link plainArticle} do.
 */
export class PackedArticle implements Article {
  readonly id: string;
  readonly lang: string;
  readonly slug: string;
  readonly path: string;
  readonly status: Article['status'];
  readonly date: string;
  readonly updated: string;
  readonly publishedAt: Article['publishedAt'];
  readonly archiveDate: string;
  readonly withdrawnAt: Article['withdrawnAt'];
  readonly storySlug: string;
  readonly authors: Article['authors'];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly aliases: readonly string[];
  readonly formerAddresses: readonly string[];
  readonly attachments: Article['attachments'];
  readonly contentHash: string;
  readonly #block: Details;
  readonly #start: number;
  readonly #length: number;

  /** @param start of its details in the block, with their length, in bytes. */
  constructor(core: ArticleCore, block: Details, start: number, length: number) {
    this.id = core.id;
    this.lang = core.lang;
    this.slug = core.slug;
    this.path = core.path;
    this.status = core.status;
    this.date = core.date;
    this.updated = core.updated;
    this.publishedAt = core.publishedAt;
    this.archiveDate = core.archiveDate;
    this.withdrawnAt = core.withdrawnAt;
    this.storySlug = core.storySlug;
    this.authors = core.authors;
    this.countries = core.countries;
    this.topics = core.topics;
    this.aliases = core.aliases;
    this.formerAddresses = core.formerAddresses;
    this.attachments = core.attachments;
    this.contentHash = core.contentHash;
    this.#block = block;
    this.#start = start;
    this.#length = length;
  }

  get title(): string {
    return this.#details.title;
  }

  get summary(): string {
    return this.#details.summary;
  }

  get translation(): Article['translation'] {
    return this.#details.translation;
  }

  get place(): Article['place'] {
    return this.#details.place;
  }

  get image(): Article['image'] {
    return this.#details.image;
  }

  get audio(): Article['audio'] {
    return this.#details.audio;
  }

  get link(): string | null {
    return this.#details.link;
  }

  get url(): string {
    return this.#details.url;
  }

  get sources(): Article['sources'] {
    return this.#details.sources;
  }

  get priority(): Article['priority'] {
    return this.#details.priority;
  }

  get corrections(): Article['corrections'] {
    return this.#details.corrections;
  }

  get words(): number {
    return this.#details.words;
  }

  get #details(): ArticleDetails {
    return this.#block.read(this.#start, this.#length);
  }

  get detailsText(): string {
    return this.#block.text(this.#start, this.#length);
  }

  /** Whether its details lie with many others'. */
  get isUnited(): boolean {
    return this.#block instanceof DetailBlock;
  }

  /** The same with another core. */
  with(core: Partial<ArticleCore>): PackedArticle {
    return new PackedArticle({ ...this, ...core }, this.#block, this.#start, this.#length);
  }
}

/** @param details As detailsText wrote them. */
export function articleWithDetails(core: ArticleCore, details: string): Article {
  return new PackedArticle(core, new LooseDetails(details), 0, 0);
}

/** The article with something else in its core. */
export function changedArticle(article: Article, core: Partial<ArticleCore>): Article {
  return article instanceof PackedArticle ? article.with(core) : { ...article, ...core };
}

/** The article as an object without any getter: to be spread, or sent to a thread. */
export function plainArticle(article: Article): Article {
  if (!(article instanceof PackedArticle)) return article;
  const { title, summary, translation, place, image, audio, link, url, sources, priority, corrections, words } =
    article;
  const texts = { title, summary, translation };
  return { ...article, ...texts, place, image, audio, link, url, sources, priority, corrections, words };
}

/** An article's details as JSON, without what they usually are. */
export function detailsText(article: ArticleDetails): string {
  if (article instanceof PackedArticle) return article.detailsText;
  const { title, summary, translation, place, image, audio, link, url, sources, priority, corrections, words } =
    article;
  return JSON.stringify({
    title,
    summary,
    translation: translation ?? undefined,
    place: place ?? undefined,
    image: image ?? undefined,
    audio: audio ?? undefined,
    link: link ?? undefined,
    url,
    sources: sources.length > 0 ? sources : undefined,
    priority: priority === 'normal' ? undefined : priority,
    corrections: corrections.length > 0 ? corrections : undefined,
    words,
  });
}
