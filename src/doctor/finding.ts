/** One thing that was looked at. */
export interface Finding {
  readonly check: Check;
  /**
   * `ok`; `note`: nothing is known to be wrong; `warning`: mail goes out, but a person should look; `fault`: mail is
   * refused or lost.
   */
  readonly level: 'ok' | 'note' | 'warning' | 'fault';
  /** A sentence. */
  readonly message: string;
  /** What to do; null where there is nothing. */
  readonly fix: string | null;
}

export type Check =
  | 'dns'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'ptr'
  | 'mx'
  | 'relay'
  | 'bounces'
  | 'clock'
  | 'disk'
  | 'permissions';

/** Makes the findings of one check. */
export function findingsOf(check: Check) {
  return {
    ok: (message: string): Finding => ({ check, level: 'ok', message, fix: null }),
    note: (message: string, fix: string | null = null): Finding => ({ check, level: 'note', message, fix }),
    warning: (message: string, fix: string): Finding => ({ check, level: 'warning', message, fix }),
    fault: (message: string, fix: string): Finding => ({ check, level: 'fault', message, fix }),
  };
}
