import { IntlMessageFormat } from 'intl-messageformat';
import type { Page } from 'playwright-core';
import { interfaceLanguages, type Locale, languageName, messages } from '../../src/i18n/index.ts';

/** What a page says in one language, and how it turns. */
export interface PageTexts {
  readonly lang: string;
  readonly dir: string;
  /** Texts and attributes that people read, in the page's own language: not what says that it is in another. */
  readonly own: readonly string[];
  /** Elements that turn the direction without saying what language they are in. */
  readonly turns: readonly string[];
}

const gather = `(() => {
  const spoken = ['aria-label', 'title', 'alt', 'placeholder'];
  const pageLang = document.documentElement.lang;
  const isOwn = (element) => (element.closest('[lang]') ?? document.documentElement).lang === pageLang;
  const own = [document.title, ...[...document.querySelectorAll('meta[name=description]')].map((meta) => meta.content)];
  const turns = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement;
    // Names and addresses are nobody's language.
    if (parent === null || parent.closest('script, style, bdi, code, pre, iframe, [dir=auto]') || !isOwn(parent)) continue;
    // The line beside a mail's subject is made of headlines.
    if (!parent.checkVisibility()) continue;
    const text = node.data.trim();
    if (text !== '') own.push(text);
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (isOwn(element)) for (const name of spoken) if (element.getAttribute(name)) own.push(element.getAttribute(name));
    const outer = element.parentElement;
    if (outer === null || element.closest('bdi, code, pre, [dir=auto], svg') || element.matches('[lang]')) continue;
    if (getComputedStyle(element).direction !== getComputedStyle(outer).direction && element.textContent.trim() !== '')
      turns.push(element.outerHTML.slice(0, 120));
  }
  return { lang: pageLang, dir: document.documentElement.dir, own, turns };
})()`;

export async function readPageTexts(page: Page): Promise<PageTexts> {
  return page.evaluate(gather) as Promise<PageTexts>; // made just so above
}

/** Words that are written in Latin letters in every language. */
const sameEverywhere =
  /RSS reader|RSS|Atom|JSON Feed|JSON|OPML|Silkpost|\S+@\S+|https?:\S+|localhost:\d+|\S+\.(?:eml|example|am|az|com|eu|org)\b/g;
const latinScript = new Set(['az', 'tr']);

/**
 * What of these texts was left in English.
 *
 * @param names What is called the same in every language: people, the publisher.
 */
export function leftInEnglish(texts: readonly string[], lang: Locale['lang'], names: readonly string[]): string[] {
  const phrases = englishPhrases(lang);
  const called = [...names, ...interfaceLanguages.map(languageName)];
  return texts.filter((text) => {
    // What is set apart is somebody's name or title.
    const plain = text.replace(/\s+/g, ' ').replace(/\u2068[^\u2069]*\u2069/g, '');
    if (phrases.whole.has(plain) || phrases.parts.some((part) => plain.includes(part))) return true;
    if (latinScript.has(lang)) return false;
    const rest = called.reduce((left, name) => left.replaceAll(name, ''), plain).replace(sameEverywhere, '');
    return /[A-Za-z]{3,}/.test(rest);
  });
}

/** Our own words in English that this language says in another way: short ones as a whole, long ones anywhere. */
function englishPhrases(lang: Locale['lang']): { readonly whole: Set<string>; readonly parts: string[] } {
  const whole = new Set<string>();
  const parts = new Set<string>();
  for (const area of ['site', 'mail'] as const) {
    for (const [key, text] of Object.entries(messages.en[area])) {
      if (messages[lang][area][key] === text) continue;
      for (const element of new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst()) {
        const said = element.type === 0 ? element.value.replace(/\s+/g, ' ').trim() : '';
        if (/^\p{L}\S+$/u.test(said)) whole.add(said);
        else if (/\p{L}{2,} \p{L}{2,}/u.test(said)) parts.add(said);
      }
    }
  }
  return { whole, parts: [...parts] };
}
