import type { Story } from '../../content/index.ts';
import {
  type Arrangement,
  assembleVariant,
  type EditionPieces,
  interfaceLanguage,
  letterTexts,
} from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Site } from '../../site.ts';
import type { FrozenVariant, VariantFor } from '../delivery-ledger.ts';
import { tellStories } from './tell-stories.ts';

export interface VariantSource {
  readonly site: Site;
  /** In the edition's order. */
  readonly stories: readonly Story[];
  /** One per language. */
  readonly pieces: readonly EditionPieces[];
  readonly arrangement: Arrangement;
}

/** Leads choices to variants; equal ones are put together once. It throws AppError `invalid` for one too long for mail. */
export function createVariantFor({ site, stories, pieces, arrangement }: VariantSource): VariantFor {
  const variants = new Map<string, FrozenVariant>();
  return (choice, had) => {
    const lang = interfaceLanguage(choice.languages, site);
    const inLanguage = pieces.find((candidate) => candidate.lang === lang) ?? pieces[0];
    if (inLanguage === undefined) throw new AppError('internal', 'The edition was rendered in no language.');
    const rendered = stories.map((story) => renderedIn(inLanguage, story));
    const told = tellStories({ site, stories: rendered }, choice, had);
    if (told.length === 0) return null;
    const identity = JSON.stringify([inLanguage.lang, told]);
    const known = variants.get(identity);
    if (known) return known;
    // Kept as asked for, so that it is put together the same when it is sent.
    const texts = letterTexts(arrangement, inLanguage.lang, { first: stories[0]?.key, lead: told[0]?.key });
    const { subject, preheader } = assembleVariant(inLanguage, told, texts);
    const made = { lang: inLanguage.lang, stories: told, subject, preheader };
    variants.set(identity, made);
    return made;
  };
}

/** A reader may come while an edition is being rendered: what it isn't rendered in is left out. */
function renderedIn({ stories, besides }: EditionPieces, story: Story): Story {
  const rendered = new Set(
    [...stories, ...besides].filter(({ storyKey }) => storyKey === story.key).map(({ lang }) => lang),
  );
  return { ...story, byLanguage: new Map([...story.byLanguage].filter(([lang]) => rendered.has(lang))) };
}
