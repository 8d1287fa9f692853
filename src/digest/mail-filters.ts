import { AppError } from '../errors.ts';
import { createLocale, type MessageKey, messages } from '../i18n/index.ts';
import type { FrameContext } from './frame-context.ts';
import type { TemplateFilter } from './liquid.ts';
import { isolateRuns, wrapText } from './plain-text.ts';

/** What every mail's templates may call: `t` (a message of mail/*.json), and for text `wrap` (with `dir`). */
export function mailFilters(
  { lang, dir: ownDir }: Pick<FrameContext, 'lang' | 'dir'>,
  timezone: string,
): Readonly<Record<string, TemplateFilter>> {
  const locale = createLocale(lang, timezone);
  return {
    t: (word, values) => locale.t(messageKey(String(word)), plainValues(values)),
    // Isolated after wrapping: an isolate ends with its line.
    wrap: (text, { dir }) => isolateRuns(wrapText(String(text ?? '')), dir === 'ltr' || dir === 'rtl' ? dir : ownDir),
  };
}

function messageKey(word: string): MessageKey {
  if (!Object.hasOwn(messages.en.mail, word)) throw new AppError('invalid', `there is no message “${word}”`);
  // Checked against the complete list just now.
  return `mail.${word}` as MessageKey;
}

function plainValues(values: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : String(value ?? '')]),
  );
}
