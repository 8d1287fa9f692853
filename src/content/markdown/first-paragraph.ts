import { withoutComments } from '../foreign/foreign-markup.ts';
import { cleanText } from '../front-matter/clean-text.ts';
import { proseLines } from './prose-lines.ts';

const maxLength = 300;
/** Enough for any first paragraph, and little to look through. */
const maxLooked = 20_000;

/**
 * The first paragraph of a Markdown body as plain text, at most 300 characters, cut at a word. Headings, pictures,
 * tables, code, and what is nothing but HTML or a shortcode aren't paragraphs. Empty where there is none.
 */
export function firstParagraph(markdown: string): string {
  const paragraphs: string[][] = [[]];
  const looked = withoutComments(markdown.slice(0, maxLooked));
  for (const { text, isCode } of proseLines(looked)) {
    if (isCode || /^\s*(?:#{1,6}\s|[|:]|\{:|(?:[-*_=] ?){3,}\s*$|\[[^\]]+\]:)/.test(text) || text.trim() === '') {
      paragraphs.push([]);
    } else paragraphs.at(-1)?.push(text.replace(/^\s*(?:>\s?)*(?:[-*+]|\d{1,3}[.)])?\s+|^>\s?/, ' '));
  }
  for (const lines of paragraphs) {
    const text = plain(lines.join(' '));
    if (/[\p{L}\p{N}]/u.test(text)) return cut(text);
  }
  return '';
}

function plain(markdown: string): string {
  return cleanText(markdown)
    .replace(/\{\{[<%]?[^{}]{0,500}\}\}|\{%[^{}]{0,500}%\}|\{:[^{}]{0,200}\}/g, ' ')
    .replace(/\[\/?(?:caption|gallery|embed|audio|video|playlist)\b[^\]]{0,500}\]/g, ' ')
    .replace(/!\[[^\]]{0,500}\]\([^()]{0,1000}\)/g, ' ')
    .replace(/\[\^[^\]]{1,100}\]/g, '')
    .replace(/\[([^[\]]{1,500})\](?:\([^()]{0,1000}\)|\[[^[\]]{0,200}\])/g, '$1')
    .replace(/<(https?:[^\s<>]{1,1000})>/g, '$1')
    .replace(/<\/?[a-z][^<>]{0,1000}>/gi, ' ')
    .replace(/(\*{1,3}|~~|`{1,3})(?=\S)([^*~`]{1,1000})\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])(_{1,3})(?=\S)([^_]{1,1000})\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function cut(text: string): string {
  if (text.length <= maxLength) return text;
  const most = text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '');
  const atWord = most.replace(/\s+\S*$/, '');
  return `${atWord.replace(/[\s,;:–—-]+$/, '')}…`;
}
