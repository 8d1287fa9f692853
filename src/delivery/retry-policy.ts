import { type Instant, plusMs } from '../clock.ts';

/** Minutes to wait after the first, second … try that was put off; the last one repeats until the edition expires. */
const waitMinutes = [5, 10, 20, 40, 60, 120, 240];
const spread = 0.2;

/** When a delivery that was put off is tried again. `attempts` counts the tries so far, `random` is in [0, 1). */
export function nextTry(attempts: number, now: Instant, random: number): Instant {
  const minutes = waitMinutes[Math.min(Math.max(attempts, 1), waitMinutes.length) - 1] ?? 240;
  return plusMs(now, Math.round(minutes * 60_000 * (1 - spread + 2 * spread * random)));
}

export type ReplyVerdict =
  | { readonly kind: 'sent' }
  | { readonly kind: 'deferred' }
  | { readonly kind: 'failed'; readonly reason: 'rejected' };

/** A relay's answer, taken apart (RFC 5321 §4.2, RFC 3463 §2). */
export interface Reply {
  /** Three digits, 0 where there were none. */
  readonly code: number;
  /** `5.1.1`, or null. */
  readonly enhanced: string | null;
  readonly text: string;
}

export function parseReply(line: string): Reply {
  const match = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?=\s|$))?/.exec(line);
  return { code: Number(match?.[1] ?? 0), enhanced: match?.[2] ?? null, text: line };
}

/** The first row that fits decides. Classes of refusal (address gone, our reputation …) get rows of their own here. */
const verdicts: readonly { readonly fits: (reply: Reply) => boolean; readonly verdict: ReplyVerdict }[] = [
  { fits: ({ code }) => code >= 200 && code < 300, verdict: { kind: 'sent' } },
  // Slow down: also where a relay answers 5xx with the class 4.7.
  { fits: ({ code, enhanced }) => code === 421 || /^4\./.test(enhanced ?? ''), verdict: { kind: 'deferred' } },
  { fits: ({ code }) => code >= 500 && code < 600, verdict: { kind: 'failed', reason: 'rejected' } },
  { fits: () => true, verdict: { kind: 'deferred' } },
];

/** What a relay's answer to RCPT or to the final dot means for the delivery. */
export function judgeReply(line: string): ReplyVerdict {
  const reply = parseReply(line);
  return verdicts.find(({ fits }) => fits(reply))?.verdict ?? { kind: 'deferred' };
}
