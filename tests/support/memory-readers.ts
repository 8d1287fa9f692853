import type { ReaderPreferences } from '../../src/subscribers/index.ts';
import type { WebReaders } from '../../src/web/web-app.ts';

/** What these readers are kept in. */
interface Kept {
  readonly subscriptions: ReadonlyMap<string, Set<string>>;
  readonly leaves: { readonly token: string; readonly scope: string; readonly source: string }[];
}

/** Readers for tests of pages and headers: the owners of the tokens in `subscriptions`, who have chosen nothing yet. */
export function memoryReaders(kept: () => Kept): WebReaders {
  const preferencesOf = (token: string): ReaderPreferences | null => {
    const newsletters = kept().subscriptions.get(token);
    if (newsletters === undefined) return null;
    const wish = { rhythm: 'each', pause: null } as const;
    return {
      subscriberId: 1,
      maskedAddress: 'a…@example.com',
      isSuppressed: false,
      wishes: {
        languages: ['en'],
        countries: [],
        topics: [],
        newsletters: new Map([...newsletters].map((name) => [name, wish])),
      },
      undo: null,
    };
  };
  return {
    async findLeaving(token) {
      const newsletters = kept().subscriptions.get(token);
      if (newsletters === undefined) return null;
      return {
        newsletter: 'weekly',
        isWanted: newsletters.has('weekly'),
        wantsAny: newsletters.size > 0,
        rhythm: 'each',
        undo: null,
        lists: { lang: 'en', countries: [], topics: [] },
        preferencesToken: token,
      };
    },
    async leave(token, scope, source) {
      kept().leaves.push({ token, scope, source });
      if (scope === 'all') kept().subscriptions.get(token)?.clear();
      else kept().subscriptions.get(token)?.delete('weekly');
    },
    slowDown: async (token) => kept().subscriptions.has(token),
    pause: async (token) => (kept().subscriptions.has(token) ? '2023-05-10T00:00:00.000Z' : null),
    undo: async (_purpose, token) => (kept().subscriptions.has(token) ? [] : null),
    findPreferences: async (token) => preferencesOf(token),
    async savePreferences(token) {
      const reader = preferencesOf(token);
      return reader === null ? { kind: 'unknown' } : { kind: 'saved', reader };
    },
  };
}
