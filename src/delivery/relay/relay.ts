/** The SMTP server that mail is handed to. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /** `implicit` (smtps), `starttls` (required), `none` (only where asked for, or on loopback without an offer). */
  readonly tls: 'implicit' | 'starttls' | 'opportunistic' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  /** PEM file of a certificate authority. */
  readonly caFile: string | null;
  readonly loopback: boolean;
  /** `smtp://relay.example:587`: what an edition is frozen to; never a secret. */
  readonly name: string;
}
