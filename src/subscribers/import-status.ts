/** What a file’s word for a reader’s status comes to. */
export type ImportStatus =
  | { readonly kind: 'active' | 'left' | 'paused' | 'suspended' }
  /** The address gets no mail, for this reason. */
  | { readonly kind: 'suppressed'; readonly reason: string }
  /** A sentence. */
  | { readonly kind: 'refused'; readonly reason: string };

const neverAgreed = 'This reader never confirmed, so hasn’t agreed to get mail. Let them sign up anew.';

/** By the words of newsletter systems, and of our own export. */
const words: Readonly<Record<string, ImportStatus>> = {
  ...named({ kind: 'active' }, ['', 'active', 'subscribed', 'enabled', 'confirmed']),
  // Buttondown’s types of readers who get its mail, whatever they pay.
  ...named({ kind: 'active' }, [
    'regular',
    'premium',
    'trialed',
    'unpaid',
    'gifted',
    'churning',
    'churned',
    'past_due',
  ]),
  ...named({ kind: 'left' }, [
    'left',
    'unsubscribed',
    'disabled',
    'inactive',
    'opted_out',
    'removed',
    'archived',
    'spammy',
  ]),
  ...named({ kind: 'paused' }, ['paused']),
  ...named({ kind: 'suspended' }, ['suspended']),
  ...named({ kind: 'suppressed', reason: 'address_gone' }, [
    'bounced',
    'cleaned',
    'hard_bounced',
    'undeliverable',
    'invalid',
  ]),
  ...named({ kind: 'suppressed', reason: 'complaint' }, ['complained', 'complaint', 'abuse']),
  ...named({ kind: 'suppressed', reason: 'blocked before' }, [
    'blocklisted',
    'blacklisted',
    'blocked',
    'suppressed',
    'banned',
  ]),
  ...named({ kind: 'refused', reason: neverAgreed }, [
    'pending',
    'unconfirmed',
    'unactivated',
    'unverified',
    'nonsubscribed',
  ]),
  ...named({ kind: 'refused', reason: 'This reader’s address was erased; there is nobody to add.' }, ['erased']),
};

/** What a status word means; null where it isn’t known. */
export function parseImportStatus(word: string): ImportStatus | null {
  const normal = word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(words, normal) ? (words[normal] ?? null) : null;
}

function named(status: ImportStatus, names: readonly string[]): Record<string, ImportStatus> {
  return Object.fromEntries(names.map((name) => [name, status]));
}
