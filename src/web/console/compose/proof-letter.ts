import {
  assembleVariant,
  type EditionPieces,
  letterTexts,
  piecesFor,
  type ToldStory,
  type Variant,
} from '../../../digest/index.ts';
import type { EditionProof } from '../../../schedule/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ComposedPlace } from './composed-place.ts';

/** Which of an edition’s letters somebody looks at. */
export interface LetterWish {
  readonly lang: string;
  /** `all`: of those who chose neither countries nor topics; else the key of a mail that readers share. */
  readonly choice: string;
}

export const everything = 'all';

/** The letter that is wanted; null where the edition holds nothing. Rendering it may take a second or two. */
export async function findLetter(app: ConsoleApp, place: ComposedPlace, wish: LetterWish): Promise<Variant | null> {
  const { edition } = place;
  const { desk, editions } = app.composing;
  if (edition.frozenAt !== null) {
    const proof = await desk.proof(edition, []);
    const record = (await editions.listVariants(edition.id)).find(({ number }) => `v${number}` === wish.choice);
    const pieces = proof?.pieces.find(({ lang }) => lang === record?.lang);
    if (proof === null || record === undefined || pieces === undefined) return proof && whole(app, proof, wish.lang);
    const { subject, preheader } = record;
    return { ...assembleVariant(pieces, record.stories, { preheader }), subject };
  }
  const stories = (await desk.select(edition)).chosen.map(({ story }) => story);
  const { counted } = desk.readers.find(edition, stories);
  const proof = await desk.proof(edition, counted?.languageOrders ?? []);
  if (proof === null) return null;
  const shared = counted?.variants.find(({ key }) => key === wish.choice);
  const pieces = proof.pieces.find(({ lang }) => lang === shared?.lang);
  const isThere = shared?.stories.every(({ key }) => proof.keys.includes(key)) ?? false;
  if (shared === undefined || pieces === undefined || !isThere) return whole(app, proof, wish.lang);
  return written(proof, pieces, shared.stories);
}

function whole({ site }: ConsoleApp, proof: EditionProof, lang: string): Variant | null {
  const pieces = piecesFor(proof.pieces, lang, site);
  return pieces && proof.keys.length > 0 ? written(proof, pieces, proof.keys) : null;
}

function written(proof: EditionProof, pieces: EditionPieces, told: readonly (ToldStory | string)[]): Variant {
  const [first] = told;
  const lead = typeof first === 'string' ? first : first?.key;
  return assembleVariant(pieces, told, letterTexts(proof.arrangement, pieces.lang, { first: proof.keys[0], lead }));
}
