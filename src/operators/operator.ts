/** `owner` may do everything; what the others may, `web/console/rights.ts` says. */
export const roles = ['owner', 'editor', 'sender', 'viewer'] as const;

export type Role = (typeof roles)[number];

/** A person who runs the publication. */
export interface Operator {
  readonly id: number;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  /** IANA name: the zone that the console tells times in. */
  readonly timezone: string;
}

/** Whether the zone is one that times can be told in. */
export function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
