import { type Instant, plusMs } from '../../clock.ts';
import { homePath, type Site } from '../../site.ts';
import { isArchivePath } from '../archive/archive-path.ts';
import type { FeedDocument } from '../press/feed-document.ts';

/** That a hub is to be told of a document's newest bytes (W3C WebSub, the publisher's side). */
export interface HubPing {
  readonly hub: string;
  /** The document's one URL: WebSub's topic. */
  readonly selfUrl: string;
  /** As in `FeedDocument`. */
  readonly etag: string;
  /** How often the self URL gave other bytes than these. */
  readonly looks: number;
  /** How often the hub could not take the ping. */
  readonly tries: number;
  readonly notBefore: Instant;
}

/** What a hub said to a ping, or why it said nothing. */
export type HubAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** From Retry-After, milliseconds; null without one. */
      readonly retryAfterMs: number | null;
      /** The start of what it wrote, or where it redirects to. */
      readonly text: string;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

export type HubVerdict =
  | { readonly kind: 'told' }
  | { readonly kind: 'later'; readonly retryAfterMs: number | null; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Changes that fall into so long a time become one ping. */
export const coalesceMs = 2_000;
/** How long to wait after the first and the second look that found old bytes. */
const lookWaitsMs = [5_000, 30_000];
/** Looks that a self URL gets before its hubs are told all the same. */
const maxLooks = 3;
/** Tries that a hub gets: with the waits between them most of a day. */
const maxTries = 8;
const firstRetryMs = 60_000;
const longestRetryMs = 6 * 3_600_000;
const spread = 0.2;

/**
 * The pings that changed documents call for, one per hub and self URL; each replaces an earlier one. A wait that a hub
 * asked for goes on, and changes that follow one another don't put a ping off.
 */
export function pingsFor(
  changed: readonly Pick<HubPing, 'selfUrl' | 'etag'>[],
  hubs: readonly string[],
  pending: readonly HubPing[],
  now: Instant,
): HubPing[] {
  const known = new Map(pending.map((ping) => [`${ping.hub} ${ping.selfUrl}`, ping]));
  const soon = plusMs(now, coalesceMs);
  return changed.flatMap(({ selfUrl, etag }) =>
    hubs.map((hub) => {
      const earlier = known.get(`${hub} ${selfUrl}`);
      const waits = earlier !== undefined && (earlier.tries > 0 || earlier.notBefore < soon);
      return { hub, selfUrl, etag, looks: 0, tries: 0, notBefore: waits ? earlier.notBefore : soon };
    }),
  );
}

/**
 * The documents of a build that hubs are told of. Archives have no subscribers. Of the first build ever only the home
 * feeds: who moved here may have subscribers at these addresses, while nobody can know the feeds of each section yet.
 */
export function selectAnnounced(documents: readonly FeedDocument[], site: Site, firstBuild: boolean): FeedDocument[] {
  const homes = new Set(site.languages.map((lang) => homePath(site, lang)));
  return documents.filter(({ path }) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return firstBuild ? homes.has(folder) : !isArchivePath(folder);
  });
}

/** The hubs that could fetch what is on `siteUrl`, each once: for a site on loopback only those on loopback as well. */
export function hubsInReach(siteUrl: string, hubs: readonly string[]): string[] {
  return [...new Set(hubs)].filter((hub) => !isOnLoopback(siteUrl) || isOnLoopback(hub));
}

/** Whether the self URL is to be looked at before the hub is told. */
export function needsLook(ping: HubPing): boolean {
  return ping.tries === 0 && ping.looks < maxLooks;
}

/** The ping after a look that found other bytes. Where `needsLook` is false then, the hub is told all the same. */
export function afterLook(ping: HubPing, now: Instant): HubPing {
  const looks = ping.looks + 1;
  return { ...ping, looks, notBefore: plusMs(now, lookWaitsMs[ping.looks] ?? 0) };
}

/** Any 2xx is thanks; 429, 5xx and silence call for another try; a redirect or another 4xx won't change by itself. */
export function judgeAnswer(answer: HubAnswer): HubVerdict {
  if (answer.kind === 'unreachable') return { kind: 'later', retryAfterMs: null, reason: answer.reason };
  const { status, retryAfterMs, text } = answer;
  if (status >= 200 && status < 300) return { kind: 'told' };
  const reason = text === '' ? `it answers ${status}` : `it answers ${status}: ${text}`;
  if (status === 408 || status === 429 || status >= 500) return { kind: 'later', retryAfterMs, reason };
  return { kind: 'refused', reason };
}

/** The ping after a try that the hub couldn't take; null when it has had all its tries. `random` is in [0, 1). */
export function afterTry(ping: HubPing, now: Instant, retryAfterMs: number | null, random: number): HubPing | null {
  const tries = ping.tries + 1;
  if (tries >= maxTries) return null;
  const backoffMs = firstRetryMs * 4 ** ping.tries * (1 - spread + 2 * spread * random);
  const waitMs = Math.min(Math.max(backoffMs, retryAfterMs ?? 0), longestRetryMs);
  return { ...ping, tries, notBefore: plusMs(now, Math.round(waitMs)) };
}

function isOnLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === '[::1]' || /^(127\.\d+\.\d+\.\d+|(.+\.)?localhost)$/.test(hostname);
}
