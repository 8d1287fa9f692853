import type { Edition, Newsletter } from '../../../digest/index.ts';
import type { ApprovalStatus, PreflightStatus } from '../../../schedule/index.ts';
import type { FieldErrors } from '../html/form.ts';

/** What the page shows, and what was typed where a form was refused. */
export interface PreflightView {
  readonly edition: Edition;
  readonly title: string;
  /** As a sentence. */
  readonly state: string;
  /** Null where it isn't configured any more. */
  readonly newsletter: Newsletter | null;
  readonly status: PreflightStatus;
  readonly approval: ApprovalStatus;
  /** Tells what is seen here from what it may be when the form is posted. */
  readonly seen: string;
  /** Why this operator can't approve it; null: they can. */
  readonly objection: string | null;
  readonly typed?: { readonly reason: string };
  readonly errors?: FieldErrors;
}
