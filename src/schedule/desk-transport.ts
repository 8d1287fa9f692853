/** The part of the configuration that decides how an edition may leave. */
export interface DeskTransport {
  /** What editions are frozen to. */
  readonly name: string;
  /** Whether mail stays on this machine: the outbox, or a relay on loopback. */
  readonly local: boolean;
}
