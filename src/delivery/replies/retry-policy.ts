import { type Instant, plusMs } from '../../clock.ts';
import { classifyReply } from './reply-class.ts';
import { parseReply, type ReplyPhase } from './smtp-reply.ts';

/** Minutes to wait after the first, second … try that was put off; the last one repeats until the edition expires. */
const waitMinutes = [5, 10, 20, 40, 60, 120, 240];
const spread = 0.2;

/** When a delivery that was put off is tried again. `attempts` counts the tries so far, `random` is in [0, 1). */
export function nextTry(attempts: number, now: Instant, random: number): Instant {
  const minutes = waitMinutes[Math.min(Math.max(attempts, 1), waitMinutes.length) - 1] ?? 240;
  return plusMs(now, Math.round(minutes * 60_000 * (1 - spread + 2 * spread * random)));
}

/**
 * What a relay's answer to a command or to the final dot means for the delivery. A full mailbox is tried again although
 * it is refused for good (5.2.2); a code of 4xx is tried again whatever its enhanced code says.
 */
export function judgeReply(line: string, phase: ReplyPhase): 'sent' | 'deferred' | 'failed' {
  const reply = parseReply(line);
  const replyClass = classifyReply(reply, phase);
  if (replyClass === 'accepted') return 'sent';
  const isFinal = reply.code >= 500 && reply.code < 600 && !reply.enhanced?.startsWith('4.');
  return isFinal && replyClass !== 'soft' ? 'failed' : 'deferred';
}
