import MarkdownIt from 'markdown-it';
import footnotes from 'markdown-it-footnote';
import { type BodyOutline, outlineOf } from './body-outline.ts';
import { addCaptions } from './captions.ts';
import { flattenFootnotes } from './flat-footnotes.ts';
import { addHeadingIds } from './heading-ids.ts';
import { quotesOf } from './quotes.ts';
import { type AddressResolver, resolveAddresses } from './resolve-addresses.ts';
import { sanitize } from './sanitize.ts';

/** A body that has been read but not yet written as HTML: its addresses can still be looked up. */
export interface ParsedMarkdown {
  /** Addresses of links and pictures as written, each once, with the line of the body (from 1) where it is first seen. */
  readonly links: ReadonlyMap<string, number>;
  readonly pictures: ReadonlyMap<string, number>;
  /** Anchors, links, pictures and notes; only before `render`. */
  outline(): BodyOutline;
  /** Sanitised HTML. An address for which there is no URL is left out; a link's text and a picture's stand without it. */
  render(resolve: AddressResolver): string;
}

/** Why a body isn't rendered. The message says what to do. */
export class MarkdownError extends Error {
  override readonly name = 'MarkdownError';
}

/** Both keep the time that one body takes within seconds; the footnotes' own grows with their square. */
const maxBytes = 1_048_576;
const maxFootnotes = 1000;

export interface MarkdownParser {
  /**
   * Markdown with tables, footnotes, captions and heading anchors, in the typography of a BCP 47 language.
   *
   * @throws MarkdownError for more than 1 MB or a thousand footnotes.
   */
  parse(body: string, lang: string): ParsedMarkdown;
  /** What `parse` would throw for, as a sentence; null where it would not. */
  findFault(body: string): string | null;
}

export function createMarkdownParser(): MarkdownParser {
  const byLanguage = new Map<string, MarkdownIt>();
  return {
    findFault,
    parse(body, lang) {
      const fault = findFault(body);
      if (fault !== null) throw new MarkdownError(fault);
      const markdown = byLanguage.get(lang) ?? createMarkdownIt(lang);
      byLanguage.set(lang, markdown);
      const environment = {};
      const tokens = markdown.parse(body, environment);
      const [links, pictures] = [new Map<string, number>(), new Map<string, number>()];
      const note = (addresses: Map<string, number>, address: string | null, line: number): void => {
        if (address !== null && !addresses.has(address)) addresses.set(address, line);
      };
      let line = 1;
      for (const { map, children } of tokens) {
        line = map ? map[0] + 1 : line;
        for (const token of children ?? []) {
          if (token.type === 'link_open') note(links, token.attrGet('href'), line);
          if (token.type === 'image') note(pictures, token.attrGet('src'), line);
        }
      }
      return {
        links,
        pictures,
        outline: () => outlineOf(tokens, environment),
        render(resolve) {
          for (const { children } of tokens) if (children) resolveAddresses(children, resolve);
          const html = markdown.renderer.render(tokens, markdown.options, environment);
          return sanitize(html, (hash) => resolve.link(hash));
        },
      };
    },
  };
}

function findFault(body: string): string | null {
  if (body.length > maxBytes / 4 && Buffer.byteLength(body) > maxBytes) {
    return 'The text is longer than 1 MB. Divide it into several articles.';
  }
  const footnotesWritten = body.includes('[^') || body.includes('^[') ? (body.match(/\^\[|\[\^/g)?.length ?? 0) : 0;
  return footnotesWritten > 2 * maxFootnotes
    ? `The text has more than ${maxFootnotes} footnotes. Divide it into several articles.`
    : null;
}

function createMarkdownIt(lang: string): MarkdownIt {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: true, quotes: quotesOf(lang) });
  markdown.use(footnotes);
  flattenFootnotes(markdown);
  addHeadingIds(markdown);
  addCaptions(markdown);
  return markdown;
}
