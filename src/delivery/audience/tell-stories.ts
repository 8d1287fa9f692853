import type { Story } from '../../content/index.ts';
import { articleFor, storiesForChoice, type ToldStory } from '../../digest/index.ts';
import type { Site } from '../../site.ts';
import type { ReaderChoice } from '../delivery-ledger.ts';
import { isUpdateOf, type PastStory } from './past-story.ts';

/** What readers with a choice get of an edition’s stories, and in which language, who have had these before. */
export function tellStories(
  { site, stories }: { readonly site: Site; readonly stories: readonly Story[] },
  choice: ReaderChoice,
  had: readonly PastStory[],
): ToldStory[] {
  return storiesForChoice(stories, choice).flatMap((story) => {
    const article = articleFor(story, choice.languages, site);
    const past = had.find(({ key }) => key === story.key);
    const isUpdate = past !== undefined && isUpdateOf(article, past);
    return past === undefined || isUpdate ? [{ key: story.key, lang: article.lang, isUpdate }] : [];
  });
}
