import type { Phase } from '../transport.ts';

/** A relay's answer, taken apart (RFC 5321 §4.2, RFC 3463 §2). */
export interface Reply {
  /** Three digits, 0 where there were none. */
  readonly code: number;
  /** `5.1.1`, or null. */
  readonly enhanced: string | null;
  readonly text: string;
}

/** What an answer is about: a step of the dialogue, or a report that came back later (RFC 3464). */
export type ReplyPhase = Phase | 'report';

export function parseReply(line: string): Reply {
  const match = /^(\d{3})(?:[ -](\d\.\d{1,3}\.\d{1,3})(?=\s|$))?/.exec(line);
  return { code: Number(match?.[1] ?? 0), enhanced: match?.[2] ?? null, text: line };
}

const longestReply = 2000;

/** What is read and kept of an answer. RFC 5321 §4.5.3.1.5 allows 512 bytes a line; a relay may send any number. */
export function shortReply(text: string): string {
  return text.length > longestReply ? `${text.slice(0, longestReply)}…` : text;
}
