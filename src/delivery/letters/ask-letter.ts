import type { Locale, MessageKey } from '../../i18n/index.ts';
import type { LetterKind } from '../../subscribers/index.ts';

/** Letters that ask their reader to go on by a link, and differ in their words alone: `ask.mjml.liquid`, `ask.txt.liquid`. */
export type AskKind = Extract<LetterKind, 'link' | 'address' | 'new-address' | 'data' | 'erase'>;

/** What `ask.mjml.liquid` and its twin find under `content`. */
export interface AskWords {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  /** How long the link is good; null: it doesn't end. */
  readonly until: string | null;
  readonly ignore: string;
}

const keys: Readonly<Record<AskKind, readonly [title: MessageKey, text: MessageKey, button: MessageKey]>> = {
  link: ['mail.link_title', 'mail.link_text', 'mail.link_button'],
  address: ['mail.address_title', 'mail.address_text', 'mail.address_button'],
  'new-address': ['mail.new_address_title', 'mail.new_address_text', 'mail.new_address_button'],
  data: ['mail.data_title', 'mail.data_text', 'mail.data_button'],
  erase: ['mail.erase_title', 'mail.erase_text', 'mail.erase_button'],
};

export function askWords(kind: AskKind, { t }: Locale, host: string): AskWords {
  const [title, text, button] = keys[kind];
  return {
    title: t(title),
    text: t(text, { site: host }),
    button: t(button),
    until: kind === 'link' ? null : t('mail.ask_until'),
    ignore: t('mail.ask_ignore'),
  };
}
