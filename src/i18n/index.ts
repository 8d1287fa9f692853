export { dateFormat } from './date-format.ts';
export type { Direction } from './languages.ts';
export { directionOf, interfaceLanguageFor, interfaceLanguages, languageName } from './languages.ts';
export type { LocalDate, Locale } from './locale.ts';
export { createLocale } from './locale.ts';
export type { MessageKey } from './messages.ts';
export { messages } from './messages.ts';
