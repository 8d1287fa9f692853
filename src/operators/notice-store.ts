import type { Instant } from '../clock.ts';
import type { Notice, NoticeCopy, NoticeEvent, NoticeKind } from './notice.ts';

export interface NoticeStore {
  /**
   * Keeps an event with a copy for each target, in one transaction. Null where an equal one (kind, edition, `about`) was
   * kept at or after `quietSince`; null there: at any time.
   */
  addNotice(
    event: NoticeEvent,
    targets: readonly string[],
    quietSince: Instant | null,
    now: Instant,
  ): Promise<Notice | null>;
  /** Notices of a kind that were kept at or after that time. */
  listNotices(kind: NoticeKind, since: Instant): Promise<Notice[]>;
  /** Takes copies that are due, oldest first; until `until` no other process takes them. */
  claimCopies(now: Instant, until: Instant, limit: number): Promise<NoticeCopy[]>;
  /** The target has it, or it is given up. */
  removeCopy(copy: NoticeCopy): Promise<void>;
  /** Another try at `notBefore`. */
  deferCopy(copy: NoticeCopy, notBefore: Instant): Promise<void>;
}
