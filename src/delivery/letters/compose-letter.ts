import { randomUUID } from 'node:crypto';
import type { LetterInput, Piece } from '../../digest/index.ts';
import { domainOf, type Letter } from '../../subscribers/index.ts';
import { createMailTokens } from '../bounces/mail-token.ts';
import { findSigner, type MessageOptions } from '../message/compose-message.ts';
import { finishMessage } from '../message/finish-message.ts';
import { renderHeaders } from '../message/headers.ts';
import { createRecentCache } from '../message/recent-cache.ts';
import { createStencil, spliceBody } from '../message/stencil.ts';
import type { Attempt } from '../transport.ts';
import { type LetterContentOptions, letterContent } from './letter-content.ts';

export interface LetterOptions
  extends LetterContentOptions,
    Pick<MessageOptions, 'from' | 'replyTo' | 'bounceDomain' | 'messageIdKey' | 'clock' | 'signer'> {
  readonly templatesDir: string;
  /** Renders a kind in a language, with its slots; asked once for equal content while `version` stays. */
  readonly render: (input: LetterInput) => Promise<Piece>;
  /** Changes where a template does. */
  readonly version: () => Promise<string>;
}

/** Kinds times languages, and for some the contents in use. */
const maxStencils = 100;

/**
 * Makes what turns letters into attempts. A letter has nothing of a list's (RFC 2919, RFC 8058): it goes to one person
 * who, or in whose name somebody, asked for it.
 */
export function createLetterComposer(options: LetterOptions): (letter: Letter) => Promise<Attempt> {
  const { site, templatesDir, from, replyTo, bounceDomain, clock } = options;
  const tokens = createMailTokens(options.messageIdKey);
  const stencils = createRecentCache(maxStencils, async (key: string) => {
    const { template, lang, content }: Pick<LetterInput, 'template' | 'lang' | 'content'> = JSON.parse(key);
    return createStencil(await options.render({ site, templatesDir, template, lang, content }));
  });
  return async (letter) => {
    const { kind, lang, address } = letter;
    const { template = kind, subject, content, values } = await letterContent(options, letter);
    const stencil = await stencils(JSON.stringify({ template, lang, content, version: await options.version() }));
    const signer = await findSigner(options);
    const named = { letterId: letter.id, createdAt: letter.createdAt, address };
    const messageId = `<${tokens.create('message', named)}@${domainOf(from.address)}>`;
    return {
      deliveryId: letter.id,
      token: randomUUID(),
      editionId: '',
      newsletter: '',
      kind,
      messageId,
      envelope: {
        from: bounceDomain === null ? from.address : `${tokens.create('bounce', named)}@${bounceDomain}`,
        to: address,
      },
      message: () => {
        const to = { name: null, address };
        const header = renderHeaders({ from, to, subject, date: clock.now(), messageId, replyTo, lang, list: null });
        return finishMessage(signer, header + stencil.contentType, spliceBody(stencil, values));
      },
    };
  };
}
