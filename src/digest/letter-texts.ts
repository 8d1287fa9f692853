import { type Article, cleanText, type Story } from '../content/index.ts';
import type { Site } from '../site.ts';
import type { Arrangement } from './arrangement.ts';
import { withoutMarks } from './marks.ts';
import type { EditionPieces, LetterTexts, Variant } from './pieces.ts';
import { groupOf } from './story-context.ts';
import { articleFor } from './told-story.ts';
import { assembleVariant, groupsInLetter, preheaderOf, subjectOf } from './variant.ts';

/**
 * What an operator wrote for letters in a language. It was written for the edition's first story, so that it stands only
 * over letters that begin with it: whoever chose other countries gets their own lead's headline.
 *
 * @param first Key of the edition's first story, and `lead` that of the letter's.
 */
export function letterTexts(
  { subjects, preheaders }: Arrangement,
  lang: string,
  { first, lead }: { readonly first: string | undefined; readonly lead: string | undefined },
): LetterTexts {
  if (lead !== first) return {};
  const subject = subjects[lang];
  const preheader = preheaders[lang];
  return { ...(subject === undefined ? {} : { subject }), ...(preheader === undefined ? {} : { preheader }) };
}

/** Longer subjects are cut off in most lists of mails, longer preheaders in all. */
export const adviceLetters = { subject: 60, preheader: 90 } as const;

/** What headlines make of a letter in a language with all these stories, without rendering it; null without any. */
export function automaticTexts(site: Site, lang: string, stories: readonly Story[]): Required<LetterTexts> | null {
  const [lead, ...others] = stories.map((story): Article => articleFor(story, [lang], site));
  if (lead === undefined) return null;
  const shown = groupsInLetter(others, groupOf).flatMap(([, members]) => members);
  return { subject: subjectOf([lead]), preheader: preheaderOf([lead, ...shown]) };
}

/** What mail programs and relays take without harm. */
const maxLetters = 250;

/** What an operator typed as a subject or preheader; a reason where a header can’t hold it. */
export function parseLetterText(text: string): { readonly text: string } | { readonly reason: string } {
  const plain = text.replace(/[ \t\r\n\u2028\u2029]+/g, ' ').trim();
  if (cleanText(plain) !== plain) {
    return { reason: 'It holds invisible control or direction characters. Type it anew, or paste it as plain text.' };
  }
  if (withoutMarks(plain) !== plain)
    return { reason: 'It holds private-use characters that no mail program can show.' };
  if (plain.length > maxLetters)
    return { reason: `It is ${plain.length} characters long; ${maxLetters} are the most.` };
  return { text: plain };
}

/** A language's letter with every story of the edition, as readers get it who chose neither countries nor topics. */
export function wholeLetter(
  pieces: EditionPieces,
  { stories, arrangement }: { readonly stories: readonly Pick<Story, 'key'>[]; readonly arrangement: Arrangement },
): Variant {
  const keys = stories.map(({ key }) => key);
  return assembleVariant(pieces, keys, letterTexts(arrangement, pieces.lang, { first: keys[0], lead: keys[0] }));
}
