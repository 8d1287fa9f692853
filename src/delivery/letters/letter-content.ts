import { plusMs } from '../../clock.ts';
import type { LatestEdition, SlotValues } from '../../digest/index.ts';
import { createLocale, directionOf, type Locale } from '../../i18n/index.ts';
import { type Localized, localized, type Site } from '../../site.ts';
import { askLinkHours, type Letter, type ReaderLists } from '../../subscribers/index.ts';
import { type AskKind, askWords } from './ask-letter.ts';
import type { LetterLinks } from './letter-links.ts';

/** How long the link of a confirmation is good. */
const confirmMs = 7 * 24 * 3_600_000;
const askMs = askLinkHours * 3_600_000;

/** What a letter says: `content` for its templates, shared by all whose content is equal; `values` of its reader alone. */
export interface LetterContent {
  /** Names its templates; default: its kind. */
  readonly template?: string;
  readonly subject: string;
  readonly content: object;
  readonly values: SlotValues;
}

export interface LetterContentOptions {
  readonly site: Site;
  readonly newsletters: readonly { readonly name: string; readonly title: Localized }[];
  readonly links: LetterLinks;
  /** The newest edition of one of the newsletters, with what a reader of these lists would have got of it. */
  readonly findLatest: (
    newsletters: readonly string[],
    lists: ReaderLists,
    lang: string,
  ) => Promise<LatestEdition | null>;
}

/** One case a kind. */
export async function letterContent(options: LetterContentOptions, letter: Letter): Promise<LetterContent> {
  const { site, links } = options;
  const { lang, subscriberId } = letter;
  const locale = createLocale(lang, site.timezone);
  const title = localized(site.title, lang, site);
  const names = (of: readonly string[]): string => namesOf(options, of, lang, locale);
  switch (letter.kind) {
    case 'confirm': {
      // The same at each try, as the rest of the mail.
      const until = plusMs(letter.createdAt, confirmMs);
      return {
        subject: locale.t('mail.confirm_subject', { site: title }),
        content: {},
        values: {
          actionUrl: links.confirm(subscriberId, letter.payload.consentId, until, lang),
          newsletters: names(letter.payload.newsletters),
          until: locale.date(until).main,
        },
      };
    }
    case 'link':
      return ask(options, letter.kind, lang, links.preferences(subscriberId, lang));
    case 'address':
    case 'data':
    case 'erase':
      return ask(
        options,
        letter.kind,
        lang,
        links.ask(letter.kind, subscriberId, plusMs(letter.createdAt, askMs), lang),
      );
    case 'new-address': {
      const until = plusMs(letter.createdAt, askMs);
      return ask(options, letter.kind, lang, links.newAddress(subscriberId, letter.payload.changeId, until, lang));
    }
    case 'already':
      return {
        subject: locale.t('mail.already_subject', { site: title }),
        content: {},
        values: { actionUrl: links.preferences(subscriberId, lang), newsletters: names(letter.payload.newsletters) },
      };
    case 'welcome':
      return {
        subject: locale.t('mail.welcome_subject', { site: title }),
        content: { latest: await options.findLatest(letter.payload.newsletters, letter.payload.lists, lang) },
        values: {
          preferencesUrl: links.preferences(subscriberId, lang),
          newsletters: names(letter.payload.newsletters),
        },
      };
  }
}

function ask({ site }: LetterContentOptions, kind: AskKind, lang: string, actionUrl: string): LetterContent {
  const words = askWords(kind, createLocale(lang, site.timezone), new URL(site.url).host);
  return {
    template: 'ask',
    subject: `${localized(site.title, lang, site)}: ${words.title}`,
    content: words,
    values: { actionUrl },
  };
}

/** Titles as a list; each set apart where they may run against the text's direction. */
function namesOf(
  { site, newsletters }: LetterContentOptions,
  names: readonly string[],
  lang: string,
  locale: Locale,
): string {
  const titles = newsletters
    .filter(({ name }) => names.includes(name))
    .map((newsletter) => localized(newsletter.title, lang, site));
  return locale.list(directionOf(lang) === 'rtl' ? titles.map((title) => `\u2068${title}\u2069`) : titles);
}
