import type { Clock, Instant } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
import { withoutAddresses } from '../without-addresses.ts';

/** Who does something: an operator of the console, or whoever runs a command. */
export interface Actor {
  /** Null where it isn't an operator of the console. */
  readonly id: number | null;
  readonly name: string;
  readonly email: string | null;
}

/** What is about to be done. */
export interface Deed {
  readonly operator: Actor;
  /** What is done to what: `editions.pause`. */
  readonly action: string;
  /** An id, never a reader's address: entries outlive readers who want to be forgotten. */
  readonly subject: string;
  /** How it was, as JSON takes it; what looks like an address in it is left out. Default: nothing to tell. */
  readonly before?: unknown;
  /** How it will be, likewise. */
  readonly after?: unknown;
}

export interface NewAuditEntry {
  readonly deed: Deed;
  readonly at: Instant;
  /** The entry of what did not happen after all, and why; null: this is one that was begun. */
  readonly undone: { readonly id: number; readonly why: string } | null;
}

/** What was begun, or did not happen after all. */
export interface AuditEntry {
  /** Later ones have greater ones. */
  readonly id: number;
  readonly at: Instant;
  /** As they were called then. */
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  /** JSON; null: nothing to tell. */
  readonly before: string | null;
  /** JSON; null: nothing to tell. */
  readonly after: string | null;
  /** The entry of what did not happen after all, and why; null: this is one that was begun. */
  readonly undone: { readonly id: number; readonly why: string } | null;
}

export interface AuditFilter {
  /** An operator's address, or the name of who ran a command. */
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
}

export interface AuditStore {
  /** Durable when it resolves. Returns its id. */
  addEntry(entry: NewAuditEntry): Promise<number>;
  /** Newest first, older than the entry `after`. */
  listEntries(filter: AuditFilter, after: number | null, limit: number): Promise<AuditEntry[]>;
  /** Everything that was ever done, in order. */
  listActions(): Promise<string[]>;
}

export interface AuditLog {
  /**
   * Records a deed, then does it, so that nothing done is unrecorded. Where that throws, it is recorded that it did not
   * happen and why, and thrown again.
   *
   * @param made what to call what came of it, where that has a name of its own only then: a further entry, `….made`, is
   *   about it. Default: nothing has.
   */
  around<Result>(deed: Deed, act: () => Promise<Result> | Result, made?: (result: Result) => string): Promise<Result>;
}

export function createAuditLog({ store, clock }: { readonly store: AuditStore; readonly clock: Clock }): AuditLog {
  async function doOrUndo<Result>(id: number, deed: Deed, act: () => Promise<Result> | Result): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      const undone = { id, why: withoutAddresses(sentenceOf(error)) };
      await store.addEntry({ deed, at: clock.now(), undone });
      throw error;
    }
  }

  return {
    async around(asked, act, made) {
      const deed = { ...asked, before: withoutReaders(asked.before), after: withoutReaders(asked.after) };
      const id = await store.addEntry({ deed, at: clock.now(), undone: null });
      const result = await doOrUndo(id, deed, act);
      if (made !== undefined) {
        const { operator, action } = asked;
        const of = { operator, action: `${action}.made`, subject: made(result), after: { entry: id } };
        await store.addEntry({ deed: of, at: clock.now(), undone: null });
      }
      return result;
    },
  };
}

/** What people type, a reason say, may name a reader. */
function withoutReaders(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'string' ? withoutAddresses(part) : part,
  );
}
