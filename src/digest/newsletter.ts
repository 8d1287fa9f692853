import type { Localized } from '../site.ts';

/** A recurring mailing, as `silkpost.yaml` describes it. */
export interface Newsletter {
  /** Its key: letters, digits and hyphens. */
  readonly name: string;
  readonly title: Localized;
  /** Five-field cron expression in `timezone`. */
  readonly schedule: string;
  /** IANA name. */
  readonly timezone: string;
  readonly select: {
    /** Stories in one edition. */
    readonly limit: number;
    /** Keys; empty means all. */
    readonly countries: readonly string[];
    readonly topics: readonly string[];
  };
  /** What a story carries: its summary or its full text. */
  readonly text: 'summary' | 'full';
  /** How late a missed time may still be sent. */
  readonly graceMs: number;
  /** After that, what is deferred is given up. */
  readonly expiresMs: number;
  /** How long before its time the draft exists. */
  readonly draftLeadMs: number;
  /** Name of the template (`templates/NAME.mjml.liquid`, `templates/NAME.txt.liquid`). */
  readonly template: string;
  /**
   * Whether an edition waits at its time until somebody has approved it: `any` who may approve, or somebody `other` than
   * whoever changed it last.
   */
  readonly approval: 'none' | 'any' | 'other';
  /** What becomes of an edition on schedule that preflight finds something blocking about: it goes out, or it is held. */
  readonly preflight: 'warn' | 'hold';
}
