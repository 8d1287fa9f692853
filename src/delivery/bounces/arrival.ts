import type { MailToken } from './mail-token.ts';

/** How something came back: piped in, read from the bounce mailbox, or posted by a provider. */
export type ArrivalSource = 'mail' | 'imap' | 'ses' | 'generic';

/** What a report says of one recipient (RFC 3464 §2.3). */
export interface ReportedRecipient {
  /** Where the message ended; null where it isn't said. */
  readonly address: string | null;
  /** Where it was sent to, if that is said to be another address. */
  readonly originalAddress: string | null;
  readonly action: 'failed' | 'delayed' | 'delivered';
  /** `5.1.1` (RFC 3463), or null. */
  readonly status: string | null;
  /** What the other server said, `550 5.1.1 No such user`; empty where it isn't told. Text: never markup. */
  readonly said: string;
}

/** What a report can be tied to a mail by; any of them may be missing. */
export interface ArrivalTrace {
  /** Found anywhere in it; whether they are genuine is for the store to say. */
  readonly tokens: readonly MailToken[];
  /** The id that the relay gave the message: it stands in the answer that is kept. */
  readonly relayId: string | null;
}

/** What came back, told apart. */
export type Arrival =
  /** At least one recipient failed. */
  | { readonly kind: 'bounce'; readonly recipients: readonly ReportedRecipient[]; readonly trace: ArrivalTrace }
  /** Nothing failed and something arrived. */
  | { readonly kind: 'delivered'; readonly recipients: readonly ReportedRecipient[]; readonly trace: ArrivalTrace }
  /** Addresses are empty where they were blacked out. */
  | { readonly kind: 'complaint'; readonly addresses: readonly string[]; readonly trace: ArrivalTrace }
  /** Addresses: who wrote it, or on whose behalf; empty where that isn’t told. */
  | { readonly kind: 'leave'; readonly addresses: readonly string[]; readonly trace: ArrivalTrace }
  /** Of no consequence: still trying, out of office, “not spam”, an authentication report. */
  | { readonly kind: 'delayed' | 'auto_reply' | 'not_spam' | 'notice' }
  /** A person wrote. */
  | { readonly kind: 'reply' }
  /** A report in a form that isn't known: somebody should look. `reason` is a sentence. */
  | { readonly kind: 'unreadable'; readonly reason: string };
