import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { interfaceLanguages, messages } from '../../src/i18n/index.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Each argument with its kind (`stories: plural`), and the plural forms that its message tells apart. */
function argumentsOf(elements: readonly Element[], forms: Set<string>[] = []): string[] {
  return elements.flatMap((element): string[] => {
    // Types of the ICU parser: 1 argument, 2 number, 3 date, 4 time, 5 select, 6 plural, 7 its number.
    switch (element.type) {
      case 1:
      case 2:
      case 3:
      case 4:
        return [element.value];
      case 5:
      case 6: {
        const options = Object.entries(element.options);
        // Without a number beside it, a word has no more forms than one and several.
        const counts = options.some(([, option]) => option.value.some((part) => part.type === 7));
        if (counts) forms.push(new Set(options.map(([form]) => form)));
        const kind = element.type === 6 ? 'plural' : `select ${options.map(([form]) => form).toSorted()}`;
        return [`${element.value}: ${kind}`, ...options.flatMap(([, option]) => argumentsOf(option.value, forms))];
      }
      default:
        return [];
    }
  });
}

function read(text: string, lang: string): { args: string[]; forms: Set<string>[] } {
  const forms: Set<string>[] = [];
  const ast = new IntlMessageFormat(text, lang, undefined, { ignoreTag: true }).getAst();
  return { args: [...new Set(argumentsOf(ast, forms))].toSorted(), forms };
}

describe.each(['mail', 'site'] as const)('messages of %s', (area) => {
  const english = messages.en[area];

  it.each(interfaceLanguages)('has every word in %s and no other', (lang) => {
    expect(Object.keys(messages[lang][area]).toSorted()).toEqual(Object.keys(english).toSorted());
    expect(Object.entries(messages[lang][area]).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(interfaceLanguages)('takes the same values in %s as in English', (lang) => {
    for (const [key, text] of Object.entries(messages[lang][area])) {
      expect(read(text, lang).args, key).toEqual(read(english[key] ?? '', 'en').args);
    }
  });

  it.each(interfaceLanguages)('tells all plural forms of %s apart', (lang) => {
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(messages[lang][area])) {
      for (const forms of read(text, lang).forms) {
        expect(
          needed.filter((form) => !forms.has(form)),
          key,
        ).toEqual([]);
      }
    }
  });

  it.each(interfaceLanguages)('holds no straight quotes in %s, which ICU would swallow', (lang) => {
    expect(Object.entries(messages[lang][area]).filter(([, text]) => text.includes("'"))).toEqual([]);
  });
});

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Keys that are put together, as the source says it, and what may stand in the gap. */
const putTogether: Readonly<Record<string, readonly string[]>> = {
  '`site.${kind}`': ['countries', 'topics', 'authors'],
  '`site.${message}_title`': ['not_found', 'gone', 'edition_gone', 'error', 'form', 'too_long'],
  '`site.${message}_text`': ['not_found', 'gone', 'edition_gone', 'error', 'form', 'too_long'],
  '`site.rhythm_${rhythm}`': ['each', 'daily', 'weekly', 'monthly'],
  '`site.wishes_fault_${fault}`': ['incomplete', 'unknown', 'no_language', 'day'],
  '`site.own_${ask}`': ['address', 'data', 'erase'],
  '`site.${ask}_title`': ['address', 'data', 'erase'],
  '`site.${ask}_text`': ['address', 'data', 'erase'],
  '`site.${ask}_button`': ['address', 'data', 'erase'],
  '`site.${fault}`': ['email_fault', 'too_many'],
  '`site.rhythm_${wishes.rhythm}`': [],
  '`site.subscribe_fault_${fault}`': ['incomplete', 'unknown', 'address', 'no_newsletter'],
  '`site.fewer_${rhythm}`': ['weekly', 'monthly'],
  '`site.fewer_${rhythm}_text`': ['weekly', 'monthly'],
  // Whatever a template asks for: `"read" | t`.
  '`mail.${word}`': [],
};

describe('the source', () => {
  const files = globSync(['src/**/*.ts', 'templates/*.liquid'], { cwd: repository });
  const source = files.map((file) => readFileSync(join(repository, file), 'utf8')).join('\n');
  const areas = Object.keys(messages.en);

  it('names every key that it puts together to the list above', () => {
    const pattern = new RegExp(`\`(?:${areas.join('|')})\\.[^\`\\s]*\\$\\{(?!keyof)[^\`\\s]*\``, 'g');
    expect(new Set(source.match(pattern))).toEqual(new Set(Object.keys(putTogether)));
  });

  it('uses every message', () => {
    const made = Object.entries(putTogether).flatMap(([pattern, words]) =>
      words.map((word) => pattern.slice(1, -1).replace(/\$\{\w+\}/, word)),
    );
    const unused = Object.entries(messages.en).flatMap(([area, words]) =>
      Object.keys(words).filter(
        (key) =>
          !source.includes(`'${area}.${key}'`) &&
          !made.includes(`${area}.${key}`) &&
          !(area === 'mail' && new RegExp(`"${key}" \\| t\\b`).test(source)),
      ),
    );
    expect(unused).toEqual([]);
  });
});
