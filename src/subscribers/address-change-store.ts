import type { Instant } from '../clock.ts';
import type { Wording } from './sign-up.ts';

/** An address that a reader wants to change to. */
export interface AddressChange {
  readonly subscriberId: number;
  readonly email: string;
}

/** `refused`: another reader has it, or it gets no mail. `none`: there is nothing to change (any more). */
export type AddressChanged = 'changed' | 'refused' | 'none';

export interface AddressChangeStore {
  /** Keeps the wish in place of an earlier one, whose number is worth nothing then; returns its own. */
  keepChange(subscriberId: number, email: string, now: Instant): Promise<number>;
  findChange(id: number): Promise<AddressChange | null>;
  /** Gives the reader the address, once: in one transaction, with an entry in the record of consents. */
  applyChange(id: number, wording: Wording, now: Instant): Promise<AddressChanged>;
}
