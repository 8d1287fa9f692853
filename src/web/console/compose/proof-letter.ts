import {
  assembleVariant,
  type EditionPieces,
  letterTexts,
  piecesFor,
  type ToldStory,
  type Variant,
} from '../../../digest/index.ts';
import type { CountedReaders, EditionProof } from '../../../schedule/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ComposedPlace } from './composed-place.ts';

/** Which of an edition’s letters somebody looks at. */
export interface LetterWish {
  readonly lang: string;
  /** `all`: of those who chose neither countries nor topics; else the key of a mail that readers share. */
  readonly choice: string;
}

export const everything = 'all';

/** The letter that is wanted; null where the edition holds nothing. Drawing it may take a second or two. */
export async function findLetter(app: ConsoleApp, place: ComposedPlace, wish: LetterWish): Promise<Variant | null> {
  const counted = await countedOf(app, place);
  const proof = await app.composing.desk.proof.draw(place.edition, counted?.languageOrders ?? []);
  return proof && letterOf(app, place, wish, { proof, counted });
}

/** The same for a page, which waits for nothing: until it is drawn, whoever asks again comes to it. */
export async function lookForLetter(
  app: ConsoleApp,
  place: ComposedPlace,
  wish: LetterWish,
): Promise<Variant | null | 'drawing'> {
  const counted = await countedOf(app, place);
  const proof = await app.composing.desk.proof.look(place.edition, counted?.languageOrders ?? []);
  return proof === null || proof === 'drawing' ? proof : letterOf(app, place, wish, { proof, counted });
}

/** Its readers as counted last; null where they weren’t, or are settled. */
async function countedOf({ composing: { desk } }: ConsoleApp, { edition }: ComposedPlace) {
  if (edition.frozenAt !== null) return null;
  const stories = (await desk.select(edition)).chosen.map(({ story }) => story);
  return desk.readers.find(edition, stories).counted;
}

async function letterOf(
  app: ConsoleApp,
  { edition }: ComposedPlace,
  wish: LetterWish,
  { proof, counted }: { readonly proof: EditionProof; readonly counted: CountedReaders | null },
): Promise<Variant | null> {
  if (edition.frozenAt !== null) {
    const variants = await app.composing.editions.listVariants(edition.id);
    const record = variants.find(({ number }) => `v${number}` === wish.choice);
    const pieces = proof.pieces.find(({ lang }) => lang === record?.lang);
    if (record === undefined || pieces === undefined) return whole(app, proof, wish.lang);
    const { subject, preheader } = record;
    return { ...assembleVariant(pieces, record.stories, { preheader }), subject };
  }
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
