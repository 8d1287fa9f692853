import { AppError } from '../errors.ts';
import { createLocale, directionOf } from '../i18n/index.ts';
import { graphemesOf } from './graphemes.ts';
import {
  mailOnly,
  type SlotValues,
  slotMark,
  slots,
  updateOnly,
  type VariantSlot,
  variantSlotMark,
  variantSlots,
  withParts,
} from './marks.ts';
import type { EditionPieces, LetterTexts, Piece, StoryPieces, Variant } from './pieces.ts';
import { isolateRuns, wrapText } from './plain-text.ts';
import { readingMinutes } from './story-context.ts';
import type { ToldStory } from './told-story.ts';

/** Gmail cuts a mail off at about 102 KB of HTML. */
const maxHtmlBytes = 95_000;
const warnHtmlBytes = 80_000;
const maxSubject = 90;
const maxPreheader = 140;

/** Invisible filling after the preheader, so that lists of mail don't go on with the nameplate. */
const padding = '&#847;&zwnj;&nbsp;'.repeat(40);

/**
 * Joins an edition's pieces for the readers of these stories, the first as the lead. Pure and quick: nothing is
 * rendered again. A key alone is a story as the edition's page in this language has it. `texts` stand in the place of
 * what headlines make.
 *
 * @throws AppError `not_found` for a story that the edition doesn't hold, `invalid` for none, and where the HTML is
 * longer than 95 KB (it names the longest stories).
 */
export function assembleVariant(
  pieces: EditionPieces,
  told: readonly (ToldStory | string)[],
  texts: LetterTexts = {},
): Variant {
  const { stories, joined } = joinPieces(pieces, told);
  const { preheader = preheaderOf(stories) } = texts;
  const filled = fillVariant(pieces.lang, joined, stories, preheader);
  const html = withParts(filled.html, mailOnly, true);
  const bytes = Buffer.byteLength(html);
  if (bytes > maxHtmlBytes) throw new AppError('invalid', tooLong(bytes, stories));
  return {
    lang: pieces.lang,
    storyKeys: stories.map(({ storyKey }) => storyKey),
    subject: subjectIn(pieces.lang, stories, texts.subject),
    preheader,
    html,
    text: tidyText(withParts(filled.text, mailOnly, true)),
    sizeWarning: bytes > warnHtmlBytes ? `${kilobytes(bytes)} of HTML; Gmail cuts a mail off at about 102 KB.` : null,
  };
}

/** The same edition as a page for everybody: without what only a mail says (why you get it, how to leave). */
export function renderWebVersion(pieces: EditionPieces, storyKeys: readonly string[]): string {
  const { stories, joined } = joinPieces(pieces, storyKeys);
  return withParts(fillVariant(pieces.lang, joined, stories, preheaderOf(stories)).html, mailOnly, false);
}

/** A variant with a reader's own links in place, for previews. Delivery splices them into the finished message. */
export function fillSlots(variant: Variant, values: SlotValues): Piece {
  return slots.reduce<Piece>(
    ({ html, text }, slot) => ({
      html: html.replaceAll(slotMark(slot), () => escapeHtml(values[slot] ?? '')),
      text: text.replaceAll(slotMark(slot), () => values[slot] ?? ''),
    }),
    variant,
  );
}

interface ShownStory extends StoryPieces {
  readonly isUpdate: boolean;
}

interface Join {
  readonly stories: readonly [ShownStory, ...ShownStory[]];
  readonly joined: Piece;
}

function joinPieces(pieces: EditionPieces, told: readonly (ToldStory | string)[]): Join {
  const byKey = new Map(told.map((story) => (typeof story === 'string' ? [story, null] : [story.key, story])));
  const chosen = [...byKey].map(([key, story]) => getStory(pieces, key, story));
  const [lead, ...others] = chosen;
  if (!lead) throw new AppError('invalid', 'An edition needs at least one story.');
  const groups = groupsInLetter(others, (story) => story.groupKey);
  const shown: [ShownStory, ...ShownStory[]] = [lead, ...groups.flatMap(([, members]) => members)];
  return {
    stories: shown,
    joined: concatenate([
      pieces.top,
      lead.lead,
      ...groups.flatMap(([key, members]) => joinGroup(pieces, key, members)),
      ...joinRecord(pieces, shown),
      pieces.bottom,
    ]),
  };
}

/** The stories under the lead, group by group: in the order of first appearance; briefs, which an edition has last, stay last. */
export function groupsInLetter<Told>(
  others: readonly Told[],
  groupOf: (story: Told) => string,
): readonly (readonly [string, readonly Told[]])[] {
  return [...Map.groupBy(others, groupOf)].toSorted(([a], [b]) => Number(a === 'brief') - Number(b === 'brief'));
}

function joinGroup(pieces: EditionPieces, key: string, stories: readonly StoryPieces[]): Piece[] {
  const group = pieces.groups.find((candidate) => candidate.key === key);
  if (!group) throw new AppError('internal', `The edition has no group “${key}”.`);
  const [first, ...rest] = stories;
  if (!first) return [];
  // One picture a group, and only where it has company: a lone story is short enough without.
  const opening = rest.length > 0 ? [first.picture, first.item] : [first.item];
  return [group.open, ...opening, ...rest.flatMap((story) => [group.separator, story.item]), group.close];
}

function joinRecord({ record }: EditionPieces, stories: readonly StoryPieces[]): Piece[] {
  const corrections = stories.map((story) => story.corrections).filter((piece) => piece.html !== '');
  const sources = stories.some((story) => story.sources.length > 0) ? [record.sources] : [];
  if (corrections.length + sources.length === 0) return [];
  return [record.open, ...corrections, ...sources, record.close];
}

function getStory(pieces: EditionPieces, key: string, told: ToldStory | null): ShownStory {
  const { stories, besides } = pieces;
  const story =
    besides.find(({ storyKey, lang }) => storyKey === key && lang === told?.lang) ??
    stories.find(({ storyKey }) => storyKey === key);
  if (!story) throw new AppError('not_found', `The edition doesn't hold the story ${key}.`);
  const isUpdate = told?.isUpdate ?? false;
  const part = ({ html, text }: Piece): Piece => ({
    html: withParts(html, updateOnly, isUpdate),
    text: withParts(text, updateOnly, isUpdate),
  });
  return { ...story, isUpdate, lead: part(story.lead), item: part(story.item) };
}

function concatenate(parts: readonly Piece[]): Piece {
  return { html: parts.map((part) => part.html).join(''), text: parts.map((part) => part.text).join('') };
}

function fillVariant(lang: string, joined: Piece, stories: Join['stories'], preheader: string): Piece {
  const locale = createLocale(lang, 'UTC');
  const words = stories.reduce((sum, story) => sum + story.words, 0);
  const dir = directionOf(lang);
  const titles = [...new Set(stories.flatMap((story) => story.sources))];
  const separator = locale.t('mail.source_separator');
  // Titles of both directions stand side by side.
  const isolated = titles.map((title) => `\u2068${title}\u2069`);
  const values: Readonly<Record<VariantSlot, Piece>> = {
    preheader: { html: escapeHtml(preheader) + padding, text: preheader },
    facts: both(locale.t('mail.facts', { stories: stories.length, minutes: readingMinutes(words) })),
    sources: { html: escapeHtml(isolated.join(separator)), text: isolateRuns(wrapText(titles.join(separator)), dir) },
  };
  return variantSlots.reduce<Piece>(
    ({ html, text }, slot) => ({
      html: html.replaceAll(variantSlotMark(slot), () => values[slot].html),
      text: text.replaceAll(variantSlotMark(slot), () => values[slot].text),
    }),
    joined,
  );
}

function both(text: string): Piece {
  return { html: escapeHtml(text), text };
}

type Titled = Pick<StoryPieces, 'title' | 'summary'>;

/** What an edition of these stories is called: its lead's headline. */
export function subjectOf([lead]: readonly [Titled, ...Titled[]]): string {
  return shorten(lead.title, maxSubject);
}

function subjectIn(lang: string, [lead]: Join['stories'], written: string = lead.title): string {
  const title = lead.isUpdate ? createLocale(lang, 'UTC').t('mail.update_subject', { title: written }) : written;
  return shorten(title, maxSubject);
}

/** What stands beside the subject: the other headlines, or a lone story's summary. */
export function preheaderOf([lead, ...others]: readonly [Titled, ...Titled[]]): string {
  return shorten(others.length > 0 ? others.map((story) => story.title).join(' · ') : lead.summary, maxPreheader);
}

/** Text cut at a word's end to at most `max` letters as a reader counts them, with an ellipsis. */
export function shorten(text: string, max: number): string {
  const plain = text.replace(/\s+/g, ' ').trim();
  const letters = graphemesOf(plain);
  if (letters.length <= max) return plain;
  const cut = letters.slice(0, max - 1).join('');
  const blank = cut.lastIndexOf(' ');
  return `${(blank > max / 2 ? cut.slice(0, blank) : cut).replace(/[\s,;:·–—-]+$/u, '')}…`;
}

function tidyText(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function tooLong(bytes: number, stories: readonly StoryPieces[]): string {
  const longest = stories
    .map((story, index) => ({ story, bytes: Buffer.byteLength((index === 0 ? story.lead : story.item).html) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 3)
    .map(({ story, bytes: own }) => `“${shorten(story.title, 50)}” (${kilobytes(own)})`);
  return `The edition has ${kilobytes(bytes)} of HTML, and Gmail cuts a mail off at about 102 KB. Its longest stories: ${longest.join(', ')}.`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} KB`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
