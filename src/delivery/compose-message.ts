import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { assembleVariant, type EditionStore, type Slot, type Variant } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import { absoluteUrl, type Localized, localized, type Site } from '../site.ts';
import { createDeliveryTokens } from './bounces/delivery-token.ts';
import type { ClaimedDelivery } from './delivery-ledger.ts';
import type { DkimSigner } from './dkim/dkim-signer.ts';
import { finishMessage } from './finish-message.ts';
import { type Mailbox, renderHeaders } from './headers.ts';
import { createRecentCache } from './recent-cache.ts';
import { createStencil, type Stencil, spliceBody } from './stencil.ts';
import type { Attempt } from './transport.ts';

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

interface Prepared {
  readonly stencil: Stencil;
  readonly subject: string;
  readonly lang: string;
}

/** Some 60 KB each; readers come in the order of their ids, so few variants are in use at a time. */
const maxStencils = 200;
/** Editions sent at the same time are few; their pieces are some 100 KB per language. */
const maxEditions = 3;

export function createMessageComposer(options: MessageOptions): ComposeMessage {
  const { bounceDomain } = options;
  const tokens = createDeliveryTokens(options.messageIdKey);
  const contents = createRecentCache(maxEditions, async (editionId: string) => ({
    pieces: new Map((await options.editions.listPieces(editionId)).map((pieces) => [pieces.lang, pieces])),
    variants: await options.editions.listVariants(editionId),
  }));
  const prepared = createRecentCache(maxStencils, async (key: string): Promise<Prepared> => {
    const [editionId = '', number = ''] = key.split('\n');
    const { pieces, variants } = await contents(editionId);
    const record = variants.find((variant) => variant.number === Number(number));
    const inLanguage = record && pieces.get(record.lang);
    if (!inLanguage) throw new AppError('internal', `The edition ${editionId} has no variant ${number}.`);
    const variant = assembleVariant(inLanguage, record.storyKeys);
    return { stencil: await createStencil(variant), subject: record.subject, lang: record.lang };
  });
  return async (claimed) => {
    const { edition, deliveryId, subscriberId, token } = claimed;
    const { stencil, subject, lang } = await prepared(`${edition.id}\n${claimed.variant}`);
    const named = { deliveryId, editionId: edition.id, address: claimed.address };
    const messageId = `<${tokens.create('message', named)}@${domainOf(options.from.address)}>`;
    const addressIn = (domain: string, purpose: 'bounce' | 'leave') => `${tokens.create(purpose, named)}@${domain}`;
    const to = { name: claimed.name, address: claimed.address };
    const signer = await findSigner(options);
    return {
      deliveryId,
      token,
      editionId: edition.id,
      newsletter: edition.newsletter,
      kind: 'digest',
      messageId,
      envelope: {
        from: bounceDomain === null ? options.from.address : addressIn(bounceDomain, 'bounce'),
        to: claimed.address,
      },
      message: () => {
        const values = linksFor(options, subscriberId, edition.newsletter, lang);
        const about = { to, subject, lang, messageId, newsletter: edition.newsletter, editionId: edition.id };
        const leave = {
          url: values.unsubscribeUrl,
          address: bounceDomain === null ? null : addressIn(bounceDomain, 'leave'),
        };
        return finishMessage(
          signer,
          headersOf(options, about, leave) + stencil.contentType,
          spliceBody(stencil, values),
        );
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
  const about = {
    to: { name: null, address },
    subject: `[Test] ${variant.subject}`,
    lang: variant.lang,
    messageId,
    newsletter,
    editionId,
  };
  return {
    deliveryId: 0,
    token,
    editionId,
    newsletter,
    kind: 'test',
    messageId,
    envelope: { from: options.from.address, to: address },
    message: () =>
      finishMessage(signer, headersOf(options, about, null) + stencil.contentType, spliceBody(stencil, values)),
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
): Readonly<Record<Slot, string>> {
  return {
    unsubscribeUrl: links.unsubscribe(subscriberId, newsletter, lang),
    preferencesUrl: links.preferences(subscriberId, lang),
  };
}

function headersOf(
  options: Omit<MessageOptions, 'editions'>,
  about: {
    readonly to: Mailbox;
    readonly subject: string;
    readonly lang: string;
    readonly messageId: string;
    readonly newsletter: string;
    readonly editionId: string;
  },
  leave: { readonly url: string; readonly address: string | null } | null,
): string {
  const { site, from, replyTo, clock } = options;
  const { newsletter } = about;
  const title = options.newsletters.find(({ name }) => name === newsletter)?.title;
  return renderHeaders({
    from,
    to: about.to,
    subject: about.subject,
    date: clock.now(),
    messageId: about.messageId,
    replyTo,
    lang: about.lang,
    list: leave && {
      title: title ? localized(title, about.lang, site) : newsletter,
      id: `${newsletter}.${domainOf(from.address)}`,
      archiveUrl: absoluteUrl(site, `/newsletters/${newsletter}`),
      unsubscribeUrl: leave.url,
      unsubscribeAddress: leave.address,
      feedback: [about.editionId, newsletter, 'digest'],
    },
  });
}

/** Of a message that no ledger knows of. */
export function messageIdOf({ from, messageIdKey }: Pick<MessageOptions, 'from' | 'messageIdKey'>, of: string): string {
  const hash = createHmac('sha256', messageIdKey).update(`message-id\n${of}`).digest('hex').slice(0, 32);
  return `<${hash}@${domainOf(from.address)}>`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
