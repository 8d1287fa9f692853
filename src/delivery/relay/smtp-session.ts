import { AppError } from '../../errors.ts';
import type { MessageBytes, Phase } from '../transport.ts';
import type { Relay } from './relay.ts';

export interface SmtpTimeouts {
  /** Connecting, TLS included. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Silence at any later point. RFC 5321 §4.5.3.2.6 asks for ten minutes after the final dot; less only makes doubt. */
  readonly answerMs: number;
}

const minuteMs = 60_000;
/**
 * How long each step may take (RFC 5321 §4.5.3.2): a server under load takes the connection and keeps its greeting back.
 * Half a minute to connect.
 */
export const patienceMs: Readonly<Record<Phase, number>> = {
  connect: minuteMs / 2,
  greeting: 5 * minuteMs,
  ehlo: 5 * minuteMs,
  starttls: 5 * minuteMs,
  auth: 5 * minuteMs,
  mail: 5 * minuteMs,
  rcpt: 5 * minuteMs,
  data: 2 * minuteMs,
  content: 3 * minuteMs,
  final_dot: 10 * minuteMs,
};

/** How one message ended on a connection. */
export type SessionOutcome =
  /** The relay's answer to MAIL, RCPT, DATA or the final dot. */
  | { readonly kind: 'answered'; readonly reply: string; readonly phase: Phase }
  /** `begin` said no: nothing was written and the connection is closed. */
  | { readonly kind: 'stopped' }
  /** The connection ended before the final dot. */
  | { readonly kind: 'returned'; readonly why: string; readonly phase: Phase }
  /** The connection ended after the final dot and before its answer. */
  | { readonly kind: 'in_doubt'; readonly why: string; readonly phase: Phase }
  /** The relay refuses our sender, so everybody's mail. */
  | { readonly kind: 'refused'; readonly why: string; readonly phase: Phase };

/** Whether an answer to MAIL refuses our sender, so everybody's mail: 552 is about this message's size (RFC 1870 §6.1). */
export function refusesSender(code: number): boolean {
  return code >= 500 && code !== 552;
}

export interface SessionMessage {
  readonly from: string;
  readonly to: string;
  readonly content: MessageBytes;
  /** Asked at the relay's 354; the content is written only after true. Rejecting closes the connection. */
  readonly begin: () => Promise<boolean>;
}

/** One connection to a relay, ready for messages one after the other. */
export interface SmtpSession {
  /** False once the connection has ended, or QUIT was said. */
  readonly isUsable: boolean;
  /** Whether a message is past `begin`. */
  readonly hasBegun: boolean;
  /**
   * Rejects only where `begin` does. `following` is asked just before the content is written; a session that can sends
   * the envelope of the message that it names along with the final dot. That message is sent next, or the connection
   * is left.
   */
  send(message: SessionMessage, following: () => SessionMessage | null): Promise<SessionOutcome>;
  /** Closes in the middle of whatever it does. A message under way ends as far as it has come. */
  abandon(why: string): void;
  /** Says QUIT. */
  quit(): void;
}

/** A relay that can't be used: `unavailable`, and how far the dialogue came. */
export class RelayUnusable extends AppError {
  readonly phase: Phase;

  constructor(sentence: string, phase: Phase, cause: unknown) {
    super('unavailable', sentence, { cause });
    this.phase = phase;
  }
}

/** A sentence in which a relay may have repeated what it was told, as a word or as it went over the wire. */
export function withoutSecrets(sentence: string, { user, password }: Relay): string {
  const words = [password, user].filter((secret) => secret !== null);
  const secrets = [...words.map((word) => Buffer.from(word).toString('base64')), ...words];
  return secrets
    .filter((secret) => secret.length > 2)
    .reduce((text, secret) => text.replaceAll(secret, '…'), sentence.replace(/(AUTH \w+ )\S+/gi, '$1…'));
}
