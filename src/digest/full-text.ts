import type { Direction } from '../i18n/index.ts';

const outcome: Readonly<Record<string, string>> = {
  p: 'p',
  br: 'br',
  hr: 'hr',
  strong: 'strong',
  b: 'strong',
  em: 'em',
  i: 'em',
  a: 'a',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  blockquote: 'blockquote',
  pre: 'pre',
  code: 'code',
  sub: 'sub',
  sup: 'sup',
  table: 'table',
  tr: 'tr',
  th: 'th',
  td: 'td',
  // Below the story's own h3.
  h1: 'h4',
  h2: 'h4',
  h3: 'h4',
  h4: 'h4',
  h5: 'h4',
  h6: 'h4',
  figcaption: 'p',
};

const styles = (start: string): Readonly<Record<string, string>> => ({
  p: 'margin:0 0 14px',
  h4: 'margin:8px 0 6px;font-size:17px',
  ul: `margin:0 0 14px;padding:0;padding-${start}:22px`,
  ol: `margin:0 0 14px;padding:0;padding-${start}:22px`,
  li: 'margin:0 0 6px',
  blockquote: `margin:0 0 14px;padding:0;padding-${start}:16px`,
  pre: 'margin:0 0 14px;white-space:pre-wrap;font-size:14px',
  th: `padding:4px 8px;text-align:${start};vertical-align:top`,
  td: `padding:4px 8px;text-align:${start};vertical-align:top`,
  table: 'margin:0 0 14px;border-collapse:collapse',
});

const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/g;
// Their content goes with them.
const unwanted = new Set(['script', 'style', 'svg', 'video', 'audio', 'iframe', 'nav']);

/**
 * An article's sanitised HTML as a mail can show it: few tags, no ids or classes, headings below the story's own,
 * spacing inline, no pictures (the story's own stands above it), links to http, https and mailto only. Everything
 * that isn't on the list is left out, so this doesn't lean on who cleaned it before.
 */
export function mailHtml(html: string, direction: Direction): string {
  const style = styles(direction === 'rtl' ? 'right' : 'left');
  const parts: string[] = [];
  let end = 0;
  let within: string | null = null;
  let preformatted = false;
  const keepText = (text: string): void => {
    if (within === null) parts.push(escapeStray(preformatted ? text : text.replace(/\s*\n\s*/g, ' ')));
  };
  for (const match of html.matchAll(tag)) {
    const [, slash = '', name = '', attributes = ''] = match;
    keepText(html.slice(end, match.index));
    end = match.index + match[0].length;
    if (unwanted.has(name)) within = slash === '' ? (within ?? name) : within === name ? null : within;
    const kept = within === null ? outcome[name] : undefined;
    if (kept === undefined) continue;
    if (kept === 'pre') preformatted = slash === '';
    if (slash !== '') parts.push(`</${kept}>`);
    else parts.push(`<${kept}${attributeOf(kept, attributes)}${style[kept] ? ` style="${style[kept]}"` : ''}>`);
  }
  keepText(html.slice(end));
  return (
    parts
      .join('')
      // A link around a picture has lost what it was around.
      .replace(/<a(?: href="[^"]*")?>\s*<\/a>/g, '')
      .replace(/<(p|li)(?: style="[^"]*")?>\s*<\/\1>/g, '')
      .trim()
  );
}

function escapeStray(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a tag keeps besides its style: where a link leads, the number that a list begins with. */
function attributeOf(name: string, attributes: string): string {
  if (name === 'ol') return /\sstart="\d{1,9}"/.exec(attributes)?.[0] ?? '';
  if (name !== 'a') return '';
  const href = /\shref="([^"]*)"/.exec(attributes)?.[1] ?? '';
  return /^(https?:|mailto:)/i.test(href) ? ` href="${href.replaceAll('<', '%3C').replaceAll('>', '%3E')}"` : '';
}
