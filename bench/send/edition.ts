import { generateKeyPairSync } from 'node:crypto';
import { type Clock, systemClock } from '../../src/clock.ts';
import { createDkimSigner, createMessageComposer, type DkimKey } from '../../src/delivery/index.ts';
import { assembleVariant, type EditionPieces, type EditionStore, slotMark } from '../../src/digest/index.ts';
import type { Site } from '../../src/site.ts';

// What is sent: an edition whose message has 56 KB, made by the code that makes every edition's messages.

const address = 'news@example.com';
const site: Site = {
  title: { en: 'News' },
  description: { en: 'News' },
  url: 'https://news.example.com',
  formerUrls: [],
  authority: null,
  timezone: 'UTC',
  languages: ['en'],
  publisher: { name: 'News', address: 'Tbilisi' },
  image: null,
  icon: null,
  privacyUrl: null,
  countries: {},
  topics: {},
  authors: {},
};

const nothing = { html: '', text: '' };
const sentence = 'Négociations à Tbilissi: “the talks go on”, ministers said on Friday evening. ';
const storyKey = 'talks';

function piecesOf(unsubscribe: string, preferences: string): EditionPieces {
  const piece = { html: `<p>${sentence.repeat(355)}</p>\n`, text: `${`${sentence}\n`.repeat(150)}` };
  return {
    lang: 'en',
    top: { html: '<html lang="en"><body>', text: 'News\n\n' },
    stories: [
      {
        storyKey,
        lang: 'en',
        groupKey: storyKey,
        title: 'The talks go on',
        summary: 'Ministers said so.',
        words: 1000,
        sources: [],
        lead: piece,
        picture: nothing,
        item: piece,
        corrections: nothing,
      },
    ],
    besides: [],
    groups: [{ key: storyKey, open: nothing, separator: nothing, close: nothing }],
    record: { open: nothing, sources: nothing, close: nothing },
    bottom: {
      html: `<p><a href="${unsubscribe}">Leave</a> · <a href="${preferences}">Choose</a></p></body></html>\n`,
      text: `Leave: ${unsubscribe}\nChoose: ${preferences}\n`,
    },
  };
}

export const pieces = piecesOf(slotMark('unsubscribeUrl'), slotMark('preferencesUrl'));
export const stories = [{ key: storyKey, lang: 'en', isUpdate: false }];
export const { subject, preheader } = assembleVariant(pieces, stories);

/** The same bodies for whoever fills them in by other means. */
export function renderBodies(unsubscribe: string): { readonly html: string; readonly text: string } {
  return assembleVariant(piecesOf(unsubscribe, `${unsubscribe}/preferences`), stories);
}

/** As it comes out of a database, for those who have none. */
export const editionInMemory: Pick<EditionStore, 'listPieces' | 'listVariants'> = {
  listPieces: async () => [pieces],
  listVariants: async () => [{ number: 0, lang: 'en', stories, subject, preheader, readers: null }],
};

/** What makes the messages; `isSigned`: by RSA-2048 and Ed25519. */
export function composer(editions: Pick<EditionStore, 'listPieces' | 'listVariants'>, isSigned: boolean) {
  const clock: Clock = systemClock;
  const signer = isSigned ? createDkimSigner([makeKey('rsa'), makeKey('ed25519')], clock) : null;
  return createMessageComposer({
    site,
    from: { name: 'News', address },
    replyTo: null,
    newsletters: [{ name: 'weekly', title: { en: 'Weekly' } }],
    editions,
    links: {
      unsubscribe: (id) => `https://news.example.com/unsubscribe/0123456789abcdef0123456789abcdef${id}`,
      preferences: (id) => `https://news.example.com/preferences/0123456789abcdef0123456789abcdef${id}`,
    },
    bounceDomain: null,
    messageIdKey: 'a key for measuring',
    clock,
    ...(signer ? { signer: async () => signer } : {}),
  });
}

function makeKey(kind: 'rsa' | 'ed25519'): DkimKey {
  const { privateKey } =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  const algorithm = `${kind}-sha256` as const;
  return { domain: 'example.com', selector: kind, keyFile: '', omit: [], algorithm, key: privateKey };
}
