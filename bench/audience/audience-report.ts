/** What a run prints, as one line of JSON. */
export interface AudienceReport {
  readonly readers: number;
  /** Different lists of stories, languages counted. */
  readonly lists: number;
  readonly languages: number;
  /** MJML documents. */
  readonly rendered: number;
  readonly messages: number;
  /** Bodies put together and encoded. */
  readonly bodies: number;
  /** Until the edition was chosen, rendered and frozen. */
  readonly frozenMs: number;
  /** Until every message was made as well. */
  readonly wallMs: number;
  /** User and system time of all that, its threads included. */
  readonly cpuMs: number;
  /** Peak resident memory of the whole process, MB. */
  readonly peakMb: number;
}
