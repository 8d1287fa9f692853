import type { Article, FullArticle, LiveCatalog, Story } from '../content/index.ts';
import { AppError } from '../errors.ts';
import type { PictureSizes } from '../feeds/index.ts';
import type { Site } from '../site.ts';
import type { Arrangement } from './arrangement.ts';
import { type ChooseInput, chooseStories } from './choose-stories.ts';
import type { DigestInput } from './digest-context.ts';
import type { Edition } from './edition.ts';
import type { EditionPieces } from './pieces.ts';
import { openRenderThread } from './render-thread.ts';
import { toldBesides } from './told-story.ts';

/** What an edition is going to hold, rendered in every language of the publication. */
export interface ComposedEdition {
  readonly stories: readonly Story[];
  readonly pieces: readonly EditionPieces[];
  readonly arrangement: Arrangement;
}

export interface ComposeInput extends ChooseInput {
  readonly site: Site;
  readonly edition: Pick<Edition, 'key' | 'dueAt' | 'selection' | 'rhythm' | 'arrangement'>;
  readonly withBodies: LiveCatalog['withBodies'];
  readonly templatesDir: string;
  /** Where smaller pictures are found; default: every picture is shown from its own file. */
  readonly sizes?: PictureSizes;
  /** The orders of languages that its readers have; default: one language each. */
  readonly languageOrders?: readonly (readonly string[])[];
  /** Told before each language is rendered. */
  readonly onLanguage?: (lang: string) => void;
}

/**
 * Chooses an edition's stories and renders them; null where there is nothing new.
 *
 * @throws AppError `invalid` for an unknown slug, a template that doesn't compile, an edition over Gmail's limit.
 */
export async function composeEdition(input: ComposeInput): Promise<ComposedEdition | null> {
  const { site, newsletter, edition, templatesDir } = input;
  const stories = (await chooseStories(input)).chosen.map(({ story }) => story);
  if (stories.length === 0) return null;
  const full = await withTexts(stories, input.withBodies);
  const pictureSizes = sizesOf(stories, input.sizes);
  const besides = toldBesides(site, stories, input.languageOrders ?? []);
  const thread = openRenderThread();
  try {
    const pieces: EditionPieces[] = [];
    const { key, dueAt } = edition;
    for (const lang of site.languages) {
      input.onLanguage?.(lang);
      const content = { stories: full, besides: besides.get(lang) ?? [], pictureSizes };
      pieces.push(await thread.render({ site, newsletter, edition: { key, dueAt }, ...content, lang, templatesDir }));
    }
    return { stories, pieces, arrangement: edition.arrangement };
  } finally {
    await thread.close();
  }
}

/** @throws AppError `unavailable` where an article's file is just being changed. */
async function withTexts(
  stories: readonly Story[],
  withBodies: LiveCatalog['withBodies'],
): Promise<Story<FullArticle>[]> {
  const articles = stories.flatMap(({ byLanguage }) => [...byLanguage.values()]);
  const full = new Map((await withBodies(articles)).map((article, index) => [articles[index]?.id, article]));
  const get = ({ id, title }: Article): FullArticle => {
    const article = full.get(id);
    if (article) return article;
    throw new AppError('unavailable', `The text of “${title}” can’t be read just now. Try again in a moment.`);
  };
  return stories.map(({ key, original, byLanguage }) => ({
    key,
    original: get(original),
    byLanguage: new Map([...byLanguage].map(([lang, article]) => [lang, get(article)])),
  }));
}

/** By URL, as the thread takes it; what is made meanwhile changes nothing between two languages. */
function sizesOf(stories: readonly Story[], sizes: PictureSizes | undefined): NonNullable<DigestInput['pictureSizes']> {
  const urls = stories.flatMap(({ byLanguage }) =>
    [...byLanguage.values()].map(({ image }) => image?.rasterUrl ?? null),
  );
  return Object.fromEntries(urls.filter((url) => url !== null).map((url) => [url, sizes?.find(url) ?? []]));
}
