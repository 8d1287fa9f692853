import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Instant, plusMs, toMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { absoluteUrl, type Site } from '../../site.ts';
import type { FeedDocument } from '../press/feed-document.ts';
import { createHubClient, type HubClient } from './hub-client.ts';
import type { HubPingStore } from './hub-ping-store.ts';
import {
  afterLook,
  afterTry,
  coalesceMs,
  type HubPing,
  hubsInReach,
  judgeAnswer,
  needsLook,
  pingsFor,
  selectAnnounced,
} from './websub.ts';

export interface HubPingerParts {
  readonly site: Site;
  /** `feeds.hubs`; without any, nothing is ever done. */
  readonly hubs: readonly string[];
  readonly store: HubPingStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: HTTP. */
  readonly client?: HubClient;
}

/** What one pass over the pings came to. */
export interface PingReport {
  /** Pings that hubs took. */
  readonly told: number;
  /** Pings that wait for a later run. */
  readonly left: number;
  readonly problems: readonly string[];
}

/** Tells the hubs of changed feed documents (W3C WebSub), beside whatever else the program does. */
export interface HubPinger {
  /**
   * Notes that these documents have new bytes; never throws.
   *
   * @param firstBuild whether no documents were remembered before these.
   */
  announce(documents: readonly FeedDocument[], firstBuild: boolean): Promise<void>;
  /** From now on pings go out by themselves. */
  start(): void;
  /** Sends what can be sent within a time, for a process that ends then; never throws. */
  sendNow(withinMs: number): Promise<PingReport>;
  /** Breaks off requests under way; their pings are sent after the next start. */
  close(): Promise<void>;
}

/** Self URLs that are dealt with at once. */
const atOnce = 4;
/** Another process may have left pings, so the store is looked at this often. */
const longestWaitMs = 60_000;
const shortestWaitMs = 100;

export function createHubPinger(parts: HubPingerParts): HubPinger {
  const { site, store, clock, log, client = createHubClient() } = parts;
  const hubs = hubsInReach(site.url, parts.hubs);
  const stop = new AbortController();
  let wake = new AbortController();
  let warnedOfReach = false;
  const running = new Set<Promise<unknown>>();

  function note(message: string, problems: string[]): void {
    problems.push(message);
    log.warn('problem', { message });
  }

  /** Deals with every ping that may go by `horizon`; returns how many hubs took one. */
  async function sendDue(horizon: Instant, signal: AbortSignal, problems: string[]): Promise<number> {
    const pings = await store.listPings();
    const foreign = pings.filter(({ hub, selfUrl }) => !hubs.includes(hub) || !selfUrl.startsWith(`${site.url}/`));
    if (foreign.length > 0) await store.removePings(foreign);
    const due = pings.filter((ping) => ping.notBefore <= horizon && !foreign.includes(ping));
    const bySelfUrl = [...Map.groupBy(due, ({ selfUrl }) => selfUrl).values()];
    const pass: Pass = { signal, problems, told: 0, unseen: [], failing: new Map() };
    const next = bySelfUrl.values();
    const work = async (): Promise<void> => {
      for (const group of next) {
        if (signal.aborted) return;
        await sendGroup(group, pass);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const [unseen] = pass.unseen;
    if (unseen !== undefined) {
      const others = pass.unseen.length > 1 ? ` and ${pass.unseen.length - 1} more` : '';
      note(`${unseen}${others} did not give the new bytes in three tries; the hubs were told all the same.`, problems);
    }
    return pass.told;
  }

  /** The pings of one document: one look, then each hub. */
  async function sendGroup(group: readonly HubPing[], pass: Pass): Promise<void> {
    let ready = [...group];
    const [curious] = group.filter(needsLook);
    if (curious !== undefined && !(await client.shows(curious.selfUrl, curious.etag, pass.signal))) {
      if (pass.signal.aborted) return;
      const looked = group.map((ping) => (needsLook(ping) ? afterLook(ping, clock.now()) : ping));
      for (const ping of looked) await store.updatePing(ping);
      ready = looked.filter((ping) => !needsLook(ping));
      if (looked.some((ping, index) => ping !== group[index] && !needsLook(ping))) pass.unseen.push(curious.selfUrl);
    }
    for (const ping of ready) await sendOne(ping, pass);
  }

  async function sendOne(ping: HubPing, pass: Pass): Promise<void> {
    const { hub, selfUrl } = ping;
    // A hub that fails is asked once in a pass, not once for each document.
    const failing = pass.failing.get(hub);
    const verdict = failing ?? judgeAnswer(await client.publish(hub, selfUrl, pass.signal));
    if (pass.signal.aborted && verdict.kind !== 'told') return;
    switch (verdict.kind) {
      case 'told':
        pass.told += 1;
        log.info('ping', { hub, url: selfUrl });
        return store.removePings([ping]);
      case 'refused':
        note(`The hub ${hub} refuses ${selfUrl} (${verdict.reason}): check feeds.hubs.`, pass.problems);
        return store.removePings([ping]);
      case 'later': {
        const again = afterTry(ping, clock.now(), verdict.retryAfterMs, Math.random());
        if (failing === undefined) {
          pass.failing.set(hub, verdict);
          note(`The hub ${hub} can’t be told of changed feeds now: ${verdict.reason}.`, pass.problems);
        }
        if (again !== null) return store.updatePing(again);
        note(`The hub ${hub} was asked too often in vain; ${selfUrl} isn’t announced any more.`, pass.problems);
        return store.removePings([ping]);
      }
      default:
        verdict satisfies never;
    }
  }

  async function keepSending(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      const woken = AbortSignal.any([wake.signal, stop.signal]);
      let waitMs = longestWaitMs;
      try {
        await sendDue(clock.now(), stop.signal, []);
        const [first] = await store.listPings();
        if (first !== undefined) waitMs = Math.min(waitMs, toMs(first.notBefore) - toMs(clock.now()));
      } catch (error) {
        log.error('problem', { message: `Hubs can’t be told of changed feeds: ${sentenceOf(error)}.` });
      }
      await waitFor(Math.max(waitMs, shortestWaitMs), woken);
    }
  }

  async function sendWithin(withinMs: number): Promise<PingReport> {
    const endsAt = performance.now() + withinMs;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(withinMs)]);
    const problems: string[] = [];
    let told = 0;
    let pending: HubPing[] = [];
    try {
      for (;;) {
        // Nothing more will come that could fall together with what is there.
        told += await sendDue(plusMs(clock.now(), coalesceMs), signal, problems);
        pending = await store.listPings();
        const [first] = pending;
        if (first === undefined || signal.aborted) break;
        const waitMs = toMs(first.notBefore) - toMs(clock.now()) - coalesceMs;
        if (waitMs > endsAt - performance.now()) break;
        await waitFor(Math.max(waitMs, shortestWaitMs), signal);
      }
    } catch (error) {
      note(`Hubs can’t be told of changed feeds: ${sentenceOf(error)}.`, problems);
    }
    return { told, left: pending.length, problems };
  }

  function run<Result>(work: Promise<Result>): Promise<Result> {
    running.add(work);
    return work.finally(() => running.delete(work));
  }

  return {
    async announce(documents, firstBuild) {
      const changed = selectAnnounced(documents, site, firstBuild).map(({ path, etag }) => ({
        selfUrl: absoluteUrl(site, path),
        etag,
      }));
      if (changed.length === 0) return;
      if (hubs.length < new Set(parts.hubs).size && !warnedOfReach) {
        warnedOfReach = true;
        log.warn('problem', {
          message: `${site.url} is on this machine, where hubs elsewhere can’t fetch it: they aren’t told of changed feeds.`,
        });
      }
      if (hubs.length === 0) return;
      try {
        await store.savePings(pingsFor(changed, hubs, await store.listPings(), clock.now()));
      } catch (error) {
        log.error('problem', { message: `Hubs won’t be told of changed feeds: ${sentenceOf(error)}.` });
      }
      wake.abort();
    },
    start() {
      if (hubs.length > 0) void run(keepSending());
    },
    async sendNow(withinMs) {
      return hubs.length === 0 ? { told: 0, left: 0, problems: [] } : run(sendWithin(withinMs));
    },
    async close() {
      stop.abort();
      await Promise.all(running);
    },
  };
}

/** The state of one pass over the pings. */
interface Pass {
  readonly signal: AbortSignal;
  readonly problems: string[];
  told: number;
  /** Self URLs whose hubs were told although they gave old bytes. */
  readonly unseen: string[];
  /** Hubs that couldn't take a ping, and what they said. */
  readonly failing: Map<string, ReturnType<typeof judgeAnswer> & { readonly kind: 'later' }>;
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {}); // woken earlier
}
