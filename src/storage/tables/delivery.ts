import type { Generated } from 'kysely';

export interface DeliveryTable {
  id: Generated<number>;
  edition_id: string;
  subscriber_id: number | null;
  address: string | null;
  address_key: string;
  lang: string;
  variant: number | null;
  state: string;
  reason: string | null;
  attempts: number;
  not_before: string | null;
  lease_token: string | null;
  lease_until: string | null;
  worker: string | null;
  reply: string | null;
  /** How far the dialogue with the relay came, and what its answer says about whom. */
  phase: string | null;
  reply_class: string | null;
  message_id: string | null;
  /** When the relay last asked for its content. */
  attempted_at: string | null;
  /** The domain that has a lane of its own in this edition, or `''`. */
  lane: Generated<string>;
  /** What came back of a sent one; null: nothing is known. */
  outcome: string | null;
  updated_at: string;
}

export interface ArrivalTable {
  id: Generated<number>;
  key: string;
  source: string;
  received_at: string;
  raw: Uint8Array;
  state: string;
  kind: string | null;
  note: string | null;
  /** The version that looked at it last. */
  reader: Generated<number>;
  handled_at: string | null;
}

/** Which deliveries an arrival was about. */
export interface ArrivalDeliveryTable {
  delivery_id: number;
  arrival_id: number;
}

/** Up to which message a mailbox has been read. */
export interface MailboxPositionTable {
  mailbox: string;
  uid_validity: string;
  uid: number;
}

/** What is known against deliveries, and letters to single readers; one row each. */
export interface BounceTable {
  id: Generated<number>;
  /** Null: it is a letter's. */
  delivery_id: number | null;
  letter_id: number | null;
  address_key: string;
  class: string;
  status: string | null;
  said: string;
  sent_at: string;
  at: string;
  /** 1 while it still counts against the address: no success since, and nothing has followed from it yet. */
  counts: number;
}

/** What a relay's buckets and the domains that complained have come to. Times are epoch milliseconds. */
export interface ThrottleTable {
  relay: string;
  /** A recipient domain; `''`: the relay itself. */
  domain: string;
  next_at: number | null;
  connections: number | null;
  changed_at: Generated<number>;
  closed_until: number | null;
  refusals: Generated<number>;
  /** The domain's words when it was closed last. */
  said: string | null;
}

/** A relay that can't be used. */
export interface RelayTroubleTable {
  relay: string;
  since: string;
  at: string;
  said: string;
}

export interface WorkerTable {
  id: string;
  host: string;
  pid: number;
  transport: string;
  started_at: string;
  heartbeat_at: string;
}
