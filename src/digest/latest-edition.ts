import type { PublishedCatalog, Story } from '../content/index.ts';
import { createLocale, directionOf } from '../i18n/index.ts';
import { absoluteUrl, editionPath, localized, type Site } from '../site.ts';
import { isShown, shownEditionStates } from './edition.ts';
import type { EditionStore } from './edition-store.ts';
import { piecesFor, storiesShown } from './feed-edition.ts';
import type { Newsletter } from './newsletter.ts';
import { type Choice, storiesForChoice } from './select-articles.ts';
import { articleFor } from './told-story.ts';

/** A newsletter's newest edition as a letter tells of it. */
export interface LatestEdition {
  readonly newsletter: string;
  readonly date: string;
  readonly web_url: string;
  /** Those that the reader would have got, in its order; the first few. */
  readonly stories: readonly {
    readonly title: string;
    readonly summary: string;
    readonly url: string;
    readonly lang: string;
    readonly dir: 'ltr' | 'rtl';
    readonly start: 'left' | 'right';
  }[];
}

export interface LatestEditionOptions {
  readonly site: Site;
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<EditionStore, 'listEditions' | 'listPieces'>;
  readonly published: () => PublishedCatalog;
}

/** More would be the edition itself, which is a link away. */
const mostStories = 6;
/** Looked through for one that may be shown. */
const mostEditions = 10;

/**
 * The newest edition that anybody may read of the first of these newsletters that has one, with what a reader of these
 * lists would have got of it; null where there is none, or nothing in it for them.
 */
export async function findLatestEdition(
  { site, newsletters, editions, published }: LatestEditionOptions,
  names: readonly string[],
  lists: Choice & { readonly languages: readonly string[] },
  lang: string,
): Promise<LatestEdition | null> {
  for (const newsletter of newsletters.filter(({ name }) => names.includes(name))) {
    const newest = await editions.listEditions({
      newsletter: newsletter.name,
      states: shownEditionStates,
      limit: mostEditions,
    });
    const edition = newest.find(isShown);
    const pieces = edition && piecesFor(await editions.listPieces(edition.id), lang, site);
    if (!edition || !pieces) continue;
    const catalog = published();
    const shown = storiesShown(pieces, catalog) ?? [];
    const stories = [...new Set(shown.map(({ storyKey }) => storyKey))].flatMap((key) => storyOf(catalog, key) ?? []);
    const articles = storiesForChoice(stories, lists).map((story) => articleFor(story, lists.languages, site));
    if (articles.length === 0) continue;
    const locale = createLocale(lang, newsletter.timezone);
    return {
      newsletter: localized(newsletter.title, lang, site),
      date: locale.day(edition.dueAt).main,
      web_url: absoluteUrl(site, editionPath(site, lang, newsletter.name, edition.key)),
      stories: articles.slice(0, mostStories).map((article) => ({
        title: article.title,
        summary: article.summary,
        url: article.url,
        lang: article.lang,
        dir: directionOf(article.lang),
        start: directionOf(article.lang) === 'rtl' ? 'right' : 'left',
      })),
    };
  }
  return null;
}

function storyOf(published: PublishedCatalog, key: string): Story | null {
  const original = published.findById(key);
  return original && published.findStory(original);
}
