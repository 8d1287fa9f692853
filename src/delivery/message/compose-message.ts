import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { assembleVariant, type EditionStore, type Variant } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import { absoluteUrl, type Localized, localized, type Site } from '../../site.ts';
import { domainOf } from '../../subscribers/index.ts';
import { createMailTokens } from '../bounces/mail-token.ts';
import type { ClaimedDelivery } from '../delivery-ledger.ts';
import type { DkimSigner } from '../dkim/dkim-signer.ts';
import type { Attempt } from '../transport.ts';
import { finishMessage } from './finish-message.ts';
import { type OwnFields, prepareHeaders, type SharedFields } from './headers.ts';
import { createRecentCache } from './recent-cache.ts';
import { createStencil, type Stencil, spliceBody } from './stencil.ts';

/** Makes a reader's own links; `lang` is the language that their page opens in. */
export interface ReaderLinks {
  /** The page and one-click target (RFC 8058) that leaves one newsletter. */
  unsubscribe(subscriberId: number, newsletter: string, lang: string): string;
  preferences(subscriberId: number, lang: string): string;
}

export interface MessageOptions {
  readonly site: Site;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  /** Titles by newsletter name, for List-Id. */
  readonly newsletters: readonly { readonly name: string; readonly title: Localized }[];
  readonly editions: Pick<EditionStore, 'listPieces' | 'listVariants'>;
  readonly links: ReaderLinks;
  /** Takes mail that comes back (`bounces.domain`): each delivery has a return path of its own in it. Null: `from` is that. */
  readonly bounceDomain: string | null;
  /** Secret that never changes: Message-IDs and return paths are keyed hashes of it. */
  readonly messageIdKey: string | Buffer;
  readonly clock: Clock;
  /** What signs every message; default: nothing. */
  readonly signer?: () => Promise<DkimSigner | null>;
}

/** Turns claimed deliveries into attempts whose message is made when asked for. */
export type ComposeMessage = (claimed: ClaimedDelivery) => Promise<Attempt>;

/** What all readers of a variant share. */
interface Prepared {
  readonly stencil: Stencil;
  readonly lang: string;
  readonly headers: (own: OwnFields) => string;
}

/** Some 60 KB each. An edition of more lists than this makes some more than once: its readers come in the order of their ids. */
const maxStencils = 600;
/** Editions sent at the same time are few; their pieces are some 100 KB per language. */
const maxEditions = 3;

/** @param keptStencils how many variants are remembered. */
export function createMessageComposer(options: MessageOptions, keptStencils = maxStencils): ComposeMessage {
  const { bounceDomain, from, replyTo } = options;
  const tokens = createMailTokens(options.messageIdKey);
  const contents = createRecentCache(maxEditions, async (editionId: string) => ({
    pieces: new Map((await options.editions.listPieces(editionId)).map((pieces) => [pieces.lang, pieces])),
    variants: await options.editions.listVariants(editionId),
  }));
  const prepared = createRecentCache(keptStencils, async (key: string): Promise<Prepared> => {
    const [editionId = '', newsletter = '', number = ''] = key.split('\n');
    const { pieces, variants } = await contents(editionId);
    const record = variants.find((variant) => variant.number === Number(number));
    const inLanguage = record && pieces.get(record.lang);
    if (!inLanguage) throw new AppError('internal', `The edition ${editionId} has no variant ${number}.`);
    const variant = assembleVariant(inLanguage, record.stories, { preheader: record.preheader });
    const { lang, subject } = record;
    const list = listOf(options, newsletter, lang, editionId);
    const headers = prepareHeaders({ from, replyTo, subject, lang, list });
    return { stencil: await createStencil(variant), lang, headers };
  });
  const senderDomain = domainOf(from.address);
  return async (claimed) => {
    const { edition, deliveryId, subscriberId, token } = claimed;
    const { stencil, lang, headers } = await prepared(`${edition.id}\n${edition.newsletter}\n${claimed.variant}`);
    const named = { deliveryId, editionId: edition.id, address: claimed.address };
    const messageId = `<${tokens.create('message', named)}@${senderDomain}>`;
    const addressIn = (domain: string, purpose: 'bounce' | 'leave') => `${tokens.create(purpose, named)}@${domain}`;
    const to = { name: claimed.name, address: claimed.address };
    const signer = options.signer ? await options.signer() : null;
    return {
      deliveryId,
      token,
      editionId: edition.id,
      newsletter: edition.newsletter,
      kind: 'digest',
      messageId,
      envelope: {
        from: bounceDomain === null ? from.address : addressIn(bounceDomain, 'bounce'),
        to: claimed.address,
      },
      message: () => {
        const values = linksFor(options, subscriberId, edition.newsletter, lang);
        const list = {
          unsubscribeUrl: values.unsubscribeUrl,
          unsubscribeAddress: bounceDomain === null ? null : addressIn(bounceDomain, 'leave'),
        };
        const header = headers({ to, date: options.clock.now(), messageId, list });
        return finishMessage(signer, header + stencil.contentType, spliceBody(stencil, values));
      },
    };
  };
}

/**
 * One copy of a variant for somebody to look at. Its links lead to nobody's subscription, and it can't be left: it has
 * no header of a list's.
 */
export async function composeTestMessage(
  options: Omit<MessageOptions, 'editions'>,
  input: {
    readonly newsletter: string;
    readonly editionId: string;
    readonly variant: Variant;
    readonly address: string;
  },
): Promise<Attempt> {
  const { newsletter, editionId, variant, address } = input;
  const stencil = await createStencil(variant);
  const signer = await findSigner(options);
  const token = randomUUID();
  const messageId = messageIdOf(options, token);
  const values = linksFor(options, 0, newsletter, variant.lang);
  const { from, replyTo } = options;
  const subject = `[Test] ${variant.subject}`;
  const headers = prepareHeaders({ from, replyTo, subject, lang: variant.lang, list: null });
  const own = { to: { name: null, address }, messageId, list: null };
  return {
    deliveryId: 0,
    token,
    editionId,
    newsletter,
    kind: 'test',
    messageId,
    envelope: { from: from.address, to: address },
    message: () => {
      const header = headers({ ...own, date: options.clock.now() });
      return finishMessage(signer, header + stencil.contentType, spliceBody(stencil, values));
    },
  };
}

/** What signs a message, null where nothing does. */
export async function findSigner({ signer }: Pick<MessageOptions, 'signer'>): Promise<DkimSigner | null> {
  return signer ? await signer() : null;
}

function linksFor(
  { links }: Pick<MessageOptions, 'links'>,
  subscriberId: number,
  newsletter: string,
  lang: string,
): Readonly<Record<'unsubscribeUrl' | 'preferencesUrl', string>> {
  return {
    unsubscribeUrl: links.unsubscribe(subscriberId, newsletter, lang),
    preferencesUrl: links.preferences(subscriberId, lang),
  };
}

function listOf(
  { site, from, newsletters }: Pick<MessageOptions, 'site' | 'from' | 'newsletters'>,
  newsletter: string,
  lang: string,
  editionId: string,
): SharedFields['list'] {
  const title = newsletters.find(({ name }) => name === newsletter)?.title;
  return {
    title: title ? localized(title, lang, site) : newsletter,
    id: `${newsletter}.${domainOf(from.address)}`,
    archiveUrl: absoluteUrl(site, `/newsletters/${newsletter}`),
    feedback: [editionId, newsletter, 'digest'],
  };
}

/** Of a message that no ledger knows of. */
export function messageIdOf({ from, messageIdKey }: Pick<MessageOptions, 'from' | 'messageIdKey'>, of: string): string {
  const hash = createHmac('sha256', messageIdKey).update(`message-id\n${of}`).digest('hex').slice(0, 32);
  return `<${hash}@${domainOf(from.address)}>`;
}
