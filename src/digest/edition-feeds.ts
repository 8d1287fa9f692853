import type { PublishedCatalog } from '../content/index.ts';
import { type Feed, type FeedOptions, newsletterFeed } from '../feeds/index.ts';
import { createLocale } from '../i18n/index.ts';
import type { Site } from '../site.ts';
import { type Edition, shownEditionStates } from './edition.ts';
import type { EditionStore } from './edition-store.ts';
import { type EditionTexts, feedEdition } from './feed-edition.ts';
import type { Newsletter } from './newsletter.ts';

export interface EditionFeedsOptions {
  readonly site: Site;
  readonly newsletters: readonly Newsletter[];
  readonly options: FeedOptions;
  readonly editions: Pick<EditionStore, 'listEditions' | 'listTexts'>;
  readonly published: () => PublishedCatalog;
}

/** The feeds of editions that went out. */
export interface EditionFeeds {
  /** Each newsletter's in each language, empty ones too. */
  list(): Promise<Feed[]>;
  /** Whether other editions are out now, sent in whatever process, than when the feeds were last listed, if they were. */
  haveChanged(): Promise<boolean>;
}

interface NewsletterEditions {
  readonly newsletter: Newsletter;
  readonly editions: readonly Edition[];
}

export function createEditionFeeds(parts: EditionFeedsOptions): EditionFeeds {
  const { site, newsletters, options } = parts;
  const locales = site.languages.map((lang) => ({ lang, locale: createLocale(lang, site.timezone) }));
  /** By edition: what was sent never changes, and its pieces are large. */
  let texts: ReadonlyMap<string, readonly EditionTexts[]> = new Map();
  let listed: string | null = null;

  async function listOut(): Promise<NewsletterEditions[]> {
    const out: NewsletterEditions[] = [];
    for (const newsletter of newsletters) {
      const filter = {
        newsletter: newsletter.name,
        // What a period's best repeats was in these.
        rhythm: 'each' as const,
        states: shownEditionStates,
        isFrozen: true,
        limit: options.items,
      } as const;
      out.push({ newsletter, editions: await parts.editions.listEditions(filter) });
    }
    return out;
  }

  return {
    async list() {
      const out = await listOut();
      const ids = out.flatMap(({ editions }) => editions.map(({ id }) => id));
      const unread = ids.filter((id) => !texts.has(id));
      const read = await parts.editions.listTexts(unread, site.languages);
      const known = new Map(ids.map((id) => [id, texts.get(id) ?? read.get(id) ?? []]));
      texts = known;
      listed = idsOf(out);
      const published = parts.published();
      return out.flatMap(({ newsletter, editions }) =>
        locales.map(({ lang, locale }) => {
          const shown = editions.flatMap((edition) => {
            const edited = known.get(edition.id) ?? [];
            return feedEdition({ site, lang, locale, edition, texts: edited, published }) ?? [];
          });
          return newsletterFeed(site, lang, options, newsletter, shown);
        }),
      );
    },
    async haveChanged() {
      return listed !== null && idsOf(await listOut()) !== listed;
    },
  };
}

function idsOf(out: readonly NewsletterEditions[]): string {
  return out.flatMap(({ editions }) => editions.map(({ id }) => id)).join(' ');
}
