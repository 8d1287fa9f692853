import type { Article, PublishedCatalog } from '../content/index.ts';
import { escapeHtml, type FeedEdition } from '../feeds/index.ts';
import { directionOf, type Locale } from '../i18n/index.ts';
import { absoluteUrl, defaultLanguage, editionPath, type Site } from '../site.ts';
import type { Edition } from './edition.ts';
import { letterTexts } from './letter-texts.ts';
import type { EditionPieces, StoryPieces } from './pieces.ts';
import { preheaderOf, subjectOf } from './variant.ts';

/** What a feed's entry takes from an edition's frozen pieces. */
export interface EditionTexts {
  readonly lang: string;
  readonly stories: readonly Pick<StoryPieces, 'storyKey' | 'lang' | 'title' | 'summary'>[];
}

export interface FeedEditionInput {
  readonly site: Site;
  /** Of the feed. */
  readonly lang: string;
  readonly locale: Locale;
  readonly edition: Pick<Edition, 'newsletter' | 'key' | 'dueAt' | 'frozenAt' | 'arrangement'>;
  /** In every language of the edition. */
  readonly texts: readonly EditionTexts[];
  readonly published: PublishedCatalog;
}

/** The pieces that an edition is shown from in a language: its own, else the default language's, else any. */
export function piecesFor<Pieces extends Pick<EditionPieces, 'lang'>>(
  all: readonly Pieces[],
  lang: string,
  site: Site,
): Pieces | null {
  return (
    all.find((pieces) => pieces.lang === lang) ??
    all.find((pieces) => pieces.lang === defaultLanguage(site)) ??
    all[0] ??
    null
  );
}

/** The stories of an edition that anybody may still read: those told by an article that hasn't been withdrawn since. */
export function storiesShown<Story extends Pick<StoryPieces, 'storyKey' | 'lang'>>(
  { stories }: { readonly stories: readonly Story[] },
  published: PublishedCatalog,
): readonly [Story, ...Story[]] | null {
  const [first, ...others] = stories.filter((story) => articleTold(story, published) !== null);
  return first === undefined ? null : [first, ...others];
}

/** The article that an edition tells a story by, as it is now; null where it was withdrawn. */
function articleTold(
  { storyKey, lang }: Pick<StoryPieces, 'storyKey' | 'lang'>,
  published: PublishedCatalog,
): Article | null {
  const original = published.findById(storyKey);
  return (original && published.findStory(original)?.byLanguage.get(lang)) ?? null;
}

/**
 * An edition that went out as its newsletter's feed has it: every headline with its summary, as they were sent, and the
 * way to its web version. Null where nothing of it may be shown any more.
 */
export function feedEdition(input: FeedEditionInput): FeedEdition | null {
  const { site, lang, locale, edition, texts, published } = input;
  const pieces = piecesFor(texts, lang, site);
  const stories = pieces && storiesShown(pieces, published);
  if (stories === null) return null;
  const first = pieces?.stories[0]?.storyKey;
  const written = letterTexts(edition.arrangement, pieces?.lang ?? lang, { first, lead: stories[0].storyKey });
  const url = absoluteUrl(site, editionPath(site, lang, edition.newsletter, edition.key));
  return {
    key: edition.key,
    subject: written.subject ?? subjectOf(stories),
    summary: written.preheader ?? preheaderOf(stories),
    sentAt: edition.frozenAt ?? edition.dueAt,
    html: [
      ...stories.map((story) => storyHtml(story, lang, articleTold(story, published))),
      `<p><a href="${escapeHtml(url)}">${escapeHtml(locale.t('mail.read_web'))}</a></p>`,
    ].join('\n'),
    url,
  };
}

function storyHtml({ title, summary }: EditionTexts['stories'][number], lang: string, article: Article | null): string {
  const headline = escapeHtml(title);
  const linked = article === null ? headline : `<a href="${escapeHtml(article.url)}">${headline}</a>`;
  const html = `<h2>${linked}</h2>\n<p>${escapeHtml(summary)}</p>`;
  if (article === null || article.lang === lang) return html;
  return `<div lang="${escapeHtml(article.lang)}" dir="${directionOf(article.lang)}">\n${html}\n</div>`;
}
