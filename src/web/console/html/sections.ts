import type { Right } from '../rights.ts';

/** The parts of the console as the navigation has them; each is shown to those who have its right. */
export const sections = {
  desk: { title: 'Desk', path: '/', right: 'editions:view' },
  editions: { title: 'Editions', path: '/editions', right: 'editions:view' },
  send: { title: 'Send', path: '/send', right: 'editions:send' },
  articles: { title: 'Articles', path: '/articles', right: 'articles:view' },
  feeds: { title: 'Feeds', path: '/feeds', right: 'articles:view' },
  readers: { title: 'Readers', path: '/readers', right: 'readers:view' },
  outbox: { title: 'Outbox', path: '/outbox', right: 'outbox:view' },
  audit: { title: 'Audit log', path: '/audit', right: 'audit:view' },
  operators: { title: 'Operators', path: '/operators', right: 'operators:manage' },
  account: { title: 'Account', path: '/account', right: 'account:own' },
} as const satisfies Readonly<Record<string, { title: string; path: string; right: Right }>>;

export type Section = keyof typeof sections;
