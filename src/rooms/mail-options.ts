import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import {
  createDkimSigner,
  type DkimSigner,
  type LetterLinks,
  type MessageOptions,
  readDkimKeys,
} from '../delivery/index.ts';
import type { Log } from '../log.ts';
import { absoluteUrl, languagePrefix, type Site } from '../site.ts';
import { createLinkToken, deliveryKey, type Keys, type LinkPayload, type LinkPurpose } from '../subscribers/index.ts';

export interface MailSetup {
  readonly config: Config;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly log: Log;
}

/** What every mail of a publication is made with: sender, links, signature. */
export interface MailOptions extends Omit<MessageOptions, 'editions'> {
  readonly links: LetterLinks;
  readonly signer: () => Promise<DkimSigner | null>;
}

export function createMailOptions(setup: MailSetup): MailOptions {
  const { config, keys, clock } = setup;
  const { site, mail, newsletters } = config;
  return {
    site,
    from: mail.from,
    replyTo: mail.replyTo,
    newsletters,
    links: createLinks(site, keys),
    bounceDomain: config.bounces.domain,
    messageIdKey: deliveryKey(keys),
    clock,
    signer: createSigner(setup),
  };
}

function createLinks(site: Site, keys: Keys): LetterLinks {
  const link = (lang: string, page: LinkPurpose, payload: LinkPayload): string => {
    // Nobody's links, for a copy that is only looked at.
    const token = payload.subscriberId === 0 ? 'preview' : createLinkToken(keys, page, payload);
    return absoluteUrl(site, `${languagePrefix(site, lang)}/${page}/${token}`);
  };
  return {
    unsubscribe: (subscriberId, newsletter, lang) => link(lang, 'unsubscribe', { subscriberId, newsletter }),
    preferences: (subscriberId, lang) => link(lang, 'preferences', { subscriberId, newsletter: null }),
    confirm: (subscriberId, reference, expiresAt, lang) =>
      link(lang, 'confirm', { subscriberId, newsletter: null, reference, expiresAt }),
    ask: (kind, subscriberId, expiresAt, lang) => link(lang, kind, { subscriberId, newsletter: null, expiresAt }),
    newAddress: (subscriberId, reference, expiresAt, lang) =>
      link(lang, 'new-address', { subscriberId, newsletter: null, reference, expiresAt }),
  };
}

/** Finds what signs every message, null where no key is configured. The keys are read once. */
function createSigner({ config, clock, log }: MailSetup): () => Promise<DkimSigner | null> {
  let reading: Promise<DkimSigner> | null = null;
  const read = async (): Promise<DkimSigner> => {
    const keys = await readDkimKeys(config.mail.dkim, (message) => log.warn('problem', { message }));
    return createDkimSigner(keys, clock);
  };
  return async () => {
    if (config.mail.dkim.length === 0) return null;
    reading ??= read();
    return reading;
  };
}
