import type { Instant } from '../clock.ts';
import type { FullArticle, Story } from '../content/index.ts';
import type { SizedPicture } from '../feeds/index.ts';
import { createLocale, type LocalDate, type Locale } from '../i18n/index.ts';
import { absoluteUrl, editionPath, localized, type Site } from '../site.ts';
import { countryNames } from './country-names.ts';
import { cleanContent, type FrameContext, frameContext } from './frame-context.ts';
import { slotMark, variantSlotMark } from './marks.ts';
import type { Newsletter } from './newsletter.ts';
import { type StoryContext, storyContext } from './story-context.ts';
import type { Theme } from './theme.ts';
import { articleFor, type ToldStory } from './told-story.ts';

/** Everything that a digest's templates may say: docs/templates.md lists it for those who write them. */
export interface DigestContext extends FrameContext {
  readonly newsletter: { readonly name: string; readonly title: string };
  readonly edition: { readonly key: string; readonly date: LocalDate; readonly web_url: string };
  /** Whether stories carry their whole text beside the summary. */
  readonly full_text: boolean;
  /** Every story of the edition, and once more where some readers get it in another language than most. */
  readonly stories: readonly StoryContext[];
  /** The stories by country, in order of first appearance. */
  readonly groups: readonly GroupContext[];
  /** Places that are filled when a variant is put together. */
  readonly variant: { readonly preheader: string; readonly facts: string; readonly sources: string };
  /** Places that are filled for each reader; only inside `mail_only`. */
  readonly reader: { readonly unsubscribe_url: string; readonly preferences_url: string };
}

interface GroupContext {
  readonly key: string;
  readonly title: string;
  readonly stories: readonly StoryContext[];
}

export interface DigestInput {
  readonly site: Site;
  readonly newsletter: Newsletter;
  readonly edition: { readonly key: string; readonly dueAt: Instant };
  readonly stories: readonly Story<FullArticle>[];
  /** Smaller files of their pictures, by the picture's URL; default: none. */
  readonly pictureSizes?: Readonly<Record<string, readonly SizedPicture[]>>;
  readonly lang: string;
  /** Told besides, for readers with other languages before those that the edition falls back to; default: none. */
  readonly besides?: readonly Pick<ToldStory, 'key' | 'lang'>[];
}

/** A story with one of its articles. */
export interface Telling {
  readonly story: Story<FullArticle>;
  readonly article: FullArticle;
}

/** What an edition in one language tells: every story once, in its order, then what is told besides. */
export function tellingsOf({ stories, site, lang, besides = [] }: DigestInput): readonly Telling[] {
  const common = stories.map((story) => ({ story, article: articleFor(story, [lang], site) }));
  const others = besides.flatMap((told) => {
    const story = stories.find(({ key }) => key === told.key);
    const article = story?.byLanguage.get(told.lang);
    return story && article ? [{ story, article }] : [];
  });
  return [...common, ...others];
}

/** The values for a digest in one language. Content in them has lost every private-use code point. */
export function digestContext(input: DigestInput, theme: Theme): DigestContext {
  const { site, newsletter, edition, lang } = input;
  const locale = createLocale(lang, newsletter.timezone);
  const { pictureSizes = {} } = input;
  const stories = tellingsOf(input).map((telling, index) =>
    storyContext({ ...telling, key: String(index), pictureSizes, site, lang, locale }),
  );
  return {
    ...frameContext(site, lang, theme),
    full_text: newsletter.text === 'full',
    ...cleanContent({
      newsletter: { name: newsletter.name, title: localized(newsletter.title, lang, site) },
      edition: {
        key: edition.key,
        date: locale.day(edition.dueAt),
        web_url: absoluteUrl(site, editionPath(site, lang, newsletter.name, edition.key)),
      },
      stories,
      groups: groupStories(stories, lang, locale, site),
    }),
    variant: {
      preheader: variantSlotMark('preheader'),
      facts: variantSlotMark('facts'),
      sources: variantSlotMark('sources'),
    },
    reader: { unsubscribe_url: slotMark('unsubscribeUrl'), preferences_url: slotMark('preferencesUrl') },
  };
}

function groupStories(stories: readonly StoryContext[], lang: string, locale: Locale, site: Site): GroupContext[] {
  const groups = [...Map.groupBy(stories, (story) => story.group)].map(([key, members]) => ({
    key,
    title: groupTitle(key, lang, locale, site),
    stories: members,
  }));
  return groups.toSorted((a, b) => Number(a.key === 'brief') - Number(b.key === 'brief'));
}

function groupTitle(key: string, lang: string, locale: Locale, site: Site): string {
  switch (key) {
    case 'brief':
      return locale.t('mail.briefs');
    case 'region':
      return locale.t('mail.region');
    case 'other':
      return locale.t('mail.other_stories');
    default:
      return locale.list(countryNames(key.split('+'), lang, site));
  }
}
