import { AppError, sentenceOf } from '../errors.ts';
import type { Direction } from '../i18n/index.ts';

/**
 * What puts styles into tags would pass over everything between `{{` and `}}`, tags and all: with one in the text of one
 * story and the other in a later one, what stands between is left unstyled and with open tags. Here both are text.
 */
const juicePreserveTags = { HBS: { start: '(?!)', end: '(?!)' } };

/**
 * Compiles MJML to the HTML of a mail: strictly, without web fonts or includes, slimmed, and for right-to-left
 * languages with a direction on every table.
 *
 * mjml doesn't sanitise: what the source holds of scripts or handlers comes out again, so content is escaped before.
 * The library takes 0.7 s and 200 MB to load; it is loaded at the first call.
 *
 * @param name of the template, for errors.
 * @throws AppError `invalid` with the line of the composed MJML.
 */
export async function compileMjml(source: string, direction: Direction, name: string): Promise<string> {
  const { default: mjml2html } = await import('mjml');
  let html: string;
  try {
    ({ html } = await mjml2html(source, {
      fonts: {},
      validationLevel: 'strict',
      keepComments: true,
      juicePreserveTags,
    }));
  } catch (cause) {
    throw new AppError('invalid', describe(cause, source, name), { cause });
  }
  const slim = slimHtml(html);
  return direction === 'rtl' ? directTables(slim) : slim;
}

function describe(cause: unknown, source: string, name: string): string {
  const errors: unknown = typeof cause === 'object' && cause !== null && 'errors' in cause ? cause.errors : undefined;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (typeof first !== 'object' || first === null || !('line' in first) || !('message' in first)) {
    return `${name} doesn't compile: ${sentenceOf(cause)}`;
  }
  const line = Number(first.line);
  const text = source.split('\n')[line - 1]?.trim().slice(0, 100) ?? '';
  return `${name} makes MJML that doesn't compile: ${String(first.message)} (line ${line} of what it makes: ${text}).`;
}

const blocks = 'html|head|body|meta|title|style|link|table|tbody|tr|td|th|div|p|h[1-6]|ul|ol|li|blockquote|figure|hr';

/**
 * Takes out what mjml leaves as slack, about a fifth: indentation, comments but Outlook's, blanks in styles, optional
 * tags. `<pre>` stays as it is.
 */
export function slimHtml(html: string): string {
  return html
    .split(/(<pre[\s>][\s\S]*?<\/pre>)/)
    .map((part, index) => (index % 2 === 1 ? part : slimPart(part)))
    .join('')
    .trim();
}

function slimPart(html: string): string {
  return (
    html
      // Outlook's conditional comments, their revealed form, and our marks stay.
      .replace(/<!--(?!\[if |<!\[endif|>|[\uE000-\uF8FF])[\s\S]*?-->/g, '')
      .replace(/<!--\[if lte mso 11\][\s\S]*?<!\[endif\]-->/g, '')
      .replaceAll(' mj-outlook-group-fix', '')
      .replace(/<\/?tbody>/g, '')
      // Between inline tags a line break is a blank; around blocks it is nothing.
      .replace(new RegExp(`\\s*\\n\\s*(?=</?(?:${blocks})[\\s>]|<!)`, 'g'), '')
      .replace(new RegExp(`(</?(?:${blocks})(?:\\s[^<>]*)?>|\\]>|-->)\\s*\\n\\s*`, 'g'), '$1')
      .replace(/[ \t]*\n\s*/g, '\n')
      .replace(/<!--\[if mso[^>]*>[\s\S]*?<!\[endif\]-->/g, (comment) => comment.replaceAll(' role="presentation"', ''))
      .replace(/ style="([^"]*)"/g, (_, style: string) => ` style="${slimStyle(style)}"`)
      .replace(/ (?:class|style)=""/g, '')
      .replace(/<([a-z][a-z0-9]*)\s+/g, '<$1 ')
      .replace(/"\s+(\/?)>/g, '"$1>')
  );
}

function slimStyle(style: string): string {
  return style
    .trim()
    .replace(/\s*([:;,])\s*/g, '$1')
    .replace(/([: ])0px/g, '$10')
    .replace(/;$/, '');
}

/**
 * Word takes the order of columns from a table's `dir`, not from CSS, and mjml writes none on any table, nor a
 * right-hand alignment on its columns.
 */
export function directTables(html: string): string {
  return html
    .replace(/<table(?![^>]*\sdir=)(?=[\s>])/g, '<table dir="rtl"')
    .replace(/ style="[^"]*direction:rtl[^"]*"/g, (style) => style.replace('text-align:left', 'text-align:right'));
}
