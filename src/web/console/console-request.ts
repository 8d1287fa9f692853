import type { Instant } from '../../clock.ts';
import type { Operator, OperatorSession } from '../../operators/index.ts';
import type { Site } from '../../site.ts';
import type { ConsoleAssets } from '../assets.ts';
import type { Right } from './rights.ts';

interface RequestParts {
  readonly site: Site;
  readonly now: Instant;
  readonly assets: ConsoleAssets;
  /** What stands in the place of each `:name` of the route's path, decoded: anything may be in it. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Ends when the client goes away or the server stops. */
  readonly signal: AbortSignal;
  /** Whether htmx asks for a part of a page, rather than the browser for all of it. */
  readonly isHtmx: boolean;
  /** What the last deed had to say; shown on this page and on no other. */
  readonly notice: string | null;
  /** For uploads, which are read as they come. */
  readonly raw: Request;
  /** Tells clients apart; null where that can't be known. */
  readonly client: string | null;
  /** A path below `/console` (`/editions`) as links and forms take it: below the path of the publication's URL too. */
  consolePath(path: string): string;
  /**
   * The text fields of the posted form; none for a body that isn't one.
   *
   * @throws AppError `invalid` where it is longer than the route takes.
   */
  form(): Promise<URLSearchParams>;
}

/** A request of nobody who is signed in. */
export interface VisitorRequest extends RequestParts {
  readonly operator: null;
}

/** A request of an operator who is signed in. */
export interface ConsoleRequest extends RequestParts {
  readonly operator: Operator;
  readonly session: OperatorSession;
  /** Whether this operator may; pages show only what may be done. */
  may(right: Right): boolean;
}

/** What pages are answered for that nobody has to be signed in for. */
export type AnyRequest = VisitorRequest | ConsoleRequest;
