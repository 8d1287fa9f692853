import type { Role } from '../../operators/index.ts';

/** What an operator may do. `account:own` is everybody's: one's own name, password and sessions. */
export const rights = [
  'account:own',
  'editions:view',
  'editions:edit',
  'editions:approve',
  'editions:send',
  'articles:view',
  'outbox:view',
  'readers:view',
  'readers:edit',
  'readers:export',
  'operators:manage',
  'audit:view',
] as const;

export type Right = (typeof rights)[number];

const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  owner: rights,
  editor: ['account:own', 'editions:view', 'editions:edit', 'articles:view', 'outbox:view'],
  sender: [
    'account:own',
    'editions:view',
    'editions:edit',
    'editions:approve',
    'editions:send',
    'readers:view',
    'articles:view',
    'outbox:view',
  ],
  viewer: ['account:own', 'editions:view', 'articles:view'],
};

export function hasRight(role: Role, right: Right): boolean {
  return rightsOf[role].includes(right);
}
