export interface RequestLimitOptions {
  /** How many a client may make at once, and again in each period. */
  readonly requests: number;
  readonly periodMs: number;
  /** How many clients are remembered; of more, those not seen for longest are forgotten. Default 10,000. */
  readonly clients?: number;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

/** What a client has left, counted at an instant. */
interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each client. */
export interface RequestLimit {
  /** Takes one: null where it may be answered, else the seconds after which a tenth of the period's may be made again. */
  take(client: string): number | null;
}

export function createRequestLimit(options: RequestLimitOptions): RequestLimit {
  const { requests, periodMs, clients = 10_000, nowMs } = options;
  const perMs = requests / periodMs;
  // A Map keeps its keys in the order in which they were set: the first is the one not seen for longest.
  const buckets = new Map<string, Bucket>();
  return {
    take(client) {
      const now = nowMs();
      const bucket = buckets.get(client) ?? { tokens: requests, at: now };
      bucket.tokens = Math.min(requests, bucket.tokens + (now - bucket.at) * perMs);
      bucket.at = now;
      buckets.delete(client);
      buckets.set(client, bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > clients && oldest !== undefined) buckets.delete(oldest);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return null;
      }
      return Math.ceil((requests / 10 - bucket.tokens) / perMs / 1000);
    },
  };
}
