import type { LedgerFacts } from './ledger-facts.ts';

/** What of a page is asked for: a name for the table, and what stands in its address. */
interface Asked {
  readonly query?: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Pages that aren't asked for, and why. */
const unasked: readonly RegExp[] = [
  /\/events$|\/progress$/, // streams, which stay open
  /\.csv$|\/export|\/download/, // files, as long as what they hold
  /^\/sign-in|^\/welcome/, // of nobody who is signed in
];

export interface AskedPage {
  /** As the route's table has it, with its query. */
  readonly name: string;
  /** Below `/console`. */
  readonly path: string;
}

/**
 * What a browser asks for of a route: filters with hits and without, deep pages, large editions and old ones.
 *
 * @throws Error for a route whose parameters have no value here.
 */
export function pagesOf(pattern: string, facts: LedgerFacts): AskedPage[] {
  if (unasked.some((one) => one.test(pattern))) return [];
  const asked: readonly Asked[] = [...ownParams(pattern, facts), ...(more(facts)[pattern] ?? [])];
  return asked.map(({ query = '', params = {} }) => {
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => {
      const value = params[name];
      if (value === undefined) throw new Error(`bench/console/pages.ts has no ${name} for ${pattern}.`);
      return encodeURIComponent(value);
    });
    const which =
      params['id'] === facts.sending
        ? ' (going out)'
        : params['id'] === facts.old
          ? ' (old)'
          : params['id'] === facts.draft
            ? ' (draft)'
            : '';
    return { name: `${pattern}${query}${which}`, path: path + query };
  });
}

function ownParams(pattern: string, facts: LedgerFacts): Asked[] {
  const { sent, sending, old, draft, delivery, reader, article, outboxFolder, outboxFile } = facts;
  if (pattern.startsWith('/editions/:id')) {
    const rest = { delivery, lang: 'en', variant: 0, number: 0, form: 'html' };
    if (pattern.includes(':delivery')) return [{ params: { id: sent, ...rest } }];
    if (pattern === '/editions/:id/doubt/all') return [{ query: '?word=accept', params: { id: sent } }];
    return [sent, sending, old, draft].map((id) => ({ params: { id, ...rest } }));
  }
  if (pattern.startsWith('/outbox')) return [{ params: { folder: outboxFolder, file: outboxFile } }];
  if (pattern.startsWith('/readers')) return [{ params: { id: reader } }];
  if (pattern.startsWith('/articles')) return [{ params: { lang: 'en', slug: article } }];
  if (pattern.startsWith('/feeds')) return [{ params: { lang: 'en', kind: 'countries', key: 'armenia' } }];

  return [{ params: { id: 1 } }];
}

/** What is asked for besides. */
function more({ sent, reader, delivery, article }: LedgerFacts): Readonly<Record<string, readonly Asked[]>> {
  const params = { id: sent };
  const alert = { query: `?newsletter=weekly&what=alert&article=${article}&when=now` };
  return {
    '/': [{ query: '?newsletter=weekly' }],
    '/readers': [
      { query: '?q=12345' },
      { query: '?q=nobody-has-this' },
      { query: '?q=Anna&by=name' },
      { query: '?q=zzz&by=name' },
      { query: '?q=9' },
      { query: `?after=${reader}` },
      { query: '?state=pending' },
      { query: '?state=suspended' },
    ],
    '/editions': [{ query: `?after=${sent}` }, { query: '?newsletter=weekly&state=sent' }],
    '/editions/:id/readers': ['sent', 'failed', 'in_doubt', 'excluded', 'deferred']
      .map((state): Asked => ({ query: `?state=${state}`, params }))
      .concat([
        { query: '?address=12345', params },
        { query: '?address=nobody-has-this', params },
        { query: '?domain=mail.example', params },
        { query: '?reason=refused', params },
        { query: '?lang=fa', params },
        { query: `?state=sent&after=${delivery}`, params },
        { query: '?outcome=bounced', params },
      ]),
    '/send': [alert],
    '/send/preview': [alert],
    '/send/preview/mail': [alert],
    '/send/confirm': [alert],
    '/suppressions': [{ query: '?address=nobody@example.com' }],
    '/outbox': [{ query: '?q=12345' }],
    '/audit': [{ query: '?action=editions.pause' }, { query: '?after=5000' }],
    '/articles': [{ query: '?problems=1' }, { query: '?q=story' }, { query: '?q=nothing-like-it' }],
  };
}
