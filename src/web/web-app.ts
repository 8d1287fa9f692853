import type { Clock, Instant } from '../clock.ts';
import type { Article, FullArticle, PublishedCatalog } from '../content/index.ts';
import type { EditionStore, Newsletter } from '../digest/index.ts';
import type { Coding, FeedDocument, FeedPolls, PictureSizes } from '../feeds/index.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import type {
  AskedAddress,
  LeavingOffer,
  OfferedAddress,
  OwnData,
  ReaderAsk,
  ReaderPreferences,
  SavedPreferences,
  SignUpDesk,
  Slowing,
  TokenOwner,
  Wording,
} from '../subscribers/index.ts';
import type { ConsoleApp } from './console/console-app.ts';
import type { FeedSelections } from './feed-selections.ts';

/** Everything that the web part needs of the rest; `app.ts` puts it together. */
export interface WebApp {
  readonly site: Site;
  readonly clock: Clock;
  readonly log: Log;
  /** Host names answered besides the publication's own (`web.hosts`). */
  readonly hosts: readonly string[];
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed (`web.trustedProxies`). */
  readonly trustedProxies: readonly string[];
  /** Absolute path of the publication's folder: its logo and icon lie there. */
  readonly dir: string;
  /** Absolute path of the folder with the templates: `img/` in it holds the mails' own pictures. */
  readonly templatesDir: string;
  /** The published view at this moment; the same object until something changes. */
  published(): PublishedCatalog;
  readonly articles: WebArticles;
  /** The smaller sizes of pictures. */
  readonly sizes: PictureSizes;
  readonly feeds: WebFeeds;
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<EditionStore, 'listEditions' | 'listTexts' | 'findByKey' | 'listPieces'>;
  /** When the newsletter's next edition is due; null where none is planned. */
  nextDue(newsletter: string): Instant | null;
  readonly readers: WebReaders;
  readonly requests: WebRequests;
  readonly signUps: SignUpDesk;
  readonly hooks: WebHooks;
  /** What operators see and do; null: only readers are served. */
  readonly console: ConsoleApp | null;
  /** Whether this process can do its work, for load balancers. */
  ready(): Promise<Readiness> | Readiness;
}

interface WebArticles {
  /** Absolute path of a published article's file, in any of its sizes, or null. Names come from the network: anything may be in them. */
  findAttachment(lang: string, slug: string, name: string): string | null;
  /** An article with its text; null where its file is just being changed. */
  withBody(article: Article): Promise<FullArticle | null>;
  /** Whether an article that once stood there was taken back: its page answers 410. */
  isWithdrawn(lang: string, slug: string): boolean;
  /** The article that was published under this slug before it got its present one, whatever its state is now. */
  findFormer(lang: string, slug: string): Article | null;
}

export interface WebFeeds {
  /** The document at a URL path (`/fa/rss.xml`), or null. */
  find(path: string): FeedDocument | null;
  /** Whether the document at a path is still being made: a part of an archive, at the first start. */
  isWaiting(path: string): boolean;
  /** Its bytes in a coding, at once where they are at hand. */
  bytesOf(document: FeedDocument, coding: Coding): Buffer | Promise<Buffer>;
  /** What an address under `/feeds/select` asks for, by its query without `?`. */
  readonly select: FeedSelections;
  /** Told of each answer to a program that polls. */
  readonly polls: Pick<FeedPolls, 'count'>;
}

export interface WebHooks {
  /**
   * Takes what a provider posts; durable when it resolves. Null where nothing is taken from that provider.
   *
   * @throws AppError `unavailable` where it should be posted again later.
   */
  receive(
    provider: string,
    headers: Readonly<Record<string, string | undefined>>,
    body: Buffer,
  ): Promise<{ readonly status: number; readonly text: string } | null>;
}

export interface WebReaders {
  /**
   * What an unsubscribe token's owner can do, or null for a forged or damaged one. Changes nothing.
   *
   * @param scope Which leaving can be undone: that of the token's newsletter, or the newest of all.
   */
  findLeaving(token: string, scope: 'newsletter' | 'all'): Promise<LeavingOffer | null>;
  /**
   * Leaves the token's newsletter (or all of them); durable when it resolves. A repeat and an unknown token change
   * nothing and don't throw.
   */
  leave(token: string, scope: 'newsletter' | 'all', source: 'one-click' | 'page'): Promise<void>;
  /** Has the token's newsletter come less often; false where its owner doesn't get it. */
  slowDown(token: string, rhythm: Slowing): Promise<boolean>;
  /** Pauses the token's newsletter; returns when it comes again, null where its owner doesn't get it. */
  pause(token: string, months: number): Promise<Instant | null>;
  /**
   * Brings back what an unsubscribe or preferences token's owner left at an instant; returns the newsletters, none for
   * a repeat and where it is too late. Null for a forged or damaged token.
   *
   * @param leftAt from a form: anything may be in it.
   */
  undo(
    purpose: 'unsubscribe' | 'preferences',
    token: string,
    leftAt: string,
    wording: Wording,
  ): Promise<readonly string[] | null>;
  /** What the owner of a preferences token has chosen, or null for a forged or damaged one. Changes nothing. */
  findPreferences(token: string): Promise<ReaderPreferences | null>;
  /**
   * Saves what the page's form says, or says what is wrong with it and changes nothing.
   *
   * @param wording what the reader agreed to, word by word.
   */
  savePreferences(token: string, form: URLSearchParams, wording: Wording): Promise<SavedPreferences>;
}

/** What readers ask for by a fresh mail. Tokens and texts come from the network: anything may be in them. */
export interface WebRequests {
  /** Has the owner of a preferences token get a letter that goes on; null for a token that isn't genuine. */
  askByLetter(token: string, ask: ReaderAsk): Promise<TokenOwner | null>;
  /** Has a fresh link sent to a reader of ours, after it has returned; to nobody else. */
  askForLink(email: string): void;
  /** Whose letter's link it is; null where it isn't genuine or too old. */
  findOwner(ask: ReaderAsk, token: string): Promise<TokenOwner | null>;
  /** Has the owner of an `address` token confirm the new address from there. */
  askForAddress(token: string, text: string): Promise<AskedAddress>;
  findOfferedAddress(token: string): Promise<OfferedAddress | null>;
  /** Makes the change that a `new-address` token is about. */
  changeAddress(
    token: string,
    wording: Wording,
  ): Promise<{ readonly kind: 'unknown' | 'refused' } | { readonly kind: 'changed'; readonly email: string }>;
  readOwnData(token: string): Promise<OwnData | null>;
  /** Forgets the owner of an `erase` token; false where it isn't genuine. */
  erase(token: string, keepOut: boolean): Promise<boolean>;
}

interface Readiness {
  readonly ok: boolean;
  /** Each thing that was looked at, and what was found: `{ database: 'ok' }`. */
  readonly checks: Readonly<Record<string, string>>;
}
