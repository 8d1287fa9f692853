import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Loaded with the first text that needs it: in most publications none does. */
const loadSanitizer = (): typeof import('sanitize-html') => require('sanitize-html');

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

/** What our Markdown makes, and no more: the attributes of each tag, each with what may stand in it. */
const allowed: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  ...Object.fromEntries(headings.map((heading) => [heading, { id: /^/ }])),
  ...Object.fromEntries(
    ['p', 'blockquote', 'ul', 'br', 'pre', 'code', 'em', 'strong', 's', 'figure', 'figcaption', 'table'].map(bare),
  ),
  ...Object.fromEntries(['thead', 'tbody', 'tr'].map(bare)),
  a: { href: /^(?:https?:|mailto:)/i, title: /^/, id: /^/, class: /^footnote-backref$/ },
  img: { src: /^https?:/i, alt: /^/, title: /^/, width: /^/, height: /^/ },
  ol: { start: /^/, class: /^footnotes-list$/ },
  li: { id: /^/, class: /^footnote-item$/ },
  hr: { class: /^footnotes-sep$/ },
  sup: { class: /^footnote-ref$/ },
  section: { class: /^footnotes$/ },
  th: { style: /^text-align:(?:left|right|center)$/ },
  td: { style: /^text-align:(?:left|right|center)$/ },
};

const tag = /<\/?([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>/y;
const attribute = / ([a-z-]+)="([^"]*)"/g;

/**
 * HTML with nothing in it but what our Markdown makes. What holds nothing else already, which is nearly everything, is
 * only looked at: taking HTML apart and writing it anew takes as long as all the rest of a rebuild.
 *
 * @param resolve The URL for an address within the article (`#fn1`), which footnotes write by themselves.
 */
export function sanitize(html: string, resolve: (hash: string) => string | null): string {
  const resolved = html.replace(/ href="(#[^"<>]*)"/g, (_whole, hash: string) => {
    const url = resolve(hash);
    return url === null ? '' : ` href="${escapeAttribute(url)}"`;
  });
  return isClean(resolved) ? resolved : cleaned(resolved);
}

/** Whether every `<` begins a tag of the list, written as our renderer writes it, with attributes of the list only. */
function isClean(html: string): boolean {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', tag.lastIndex)) {
    tag.lastIndex = at;
    const [whole, name = '', attributes = ''] = tag.exec(html) ?? [];
    const rules = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (whole === undefined || rules === undefined) return false;
    if (attributes === '') continue;
    for (const [, key = '', value = ''] of attributes.matchAll(attribute)) {
      if (!Object.hasOwn(rules, key) || !rules[key]?.test(value)) return false;
    }
  }
  return true;
}

function cleaned(html: string): string {
  const attributesOf = (name: string, except: string): string[] =>
    Object.keys(allowed[name] ?? {}).filter((key) => key !== except);
  const names = Object.keys(allowed);
  return loadSanitizer()(html, {
    allowedTags: names,
    allowedAttributes: Object.fromEntries(names.map((name) => [name, attributesOf(name, 'class')])),
    allowedClasses: {
      section: ['footnotes'],
      hr: ['footnotes-sep'],
      ol: ['footnotes-list'],
      li: ['footnote-item'],
      sup: ['footnote-ref'],
      a: ['footnote-backref'],
    },
    allowedStyles: { '*': { 'text-align': [/^(?:left|right|center)$/] } },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
  });
}

/** A URL holds none of the other signs. */
function escapeAttribute(url: string): string {
  return url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

function bare(name: string): [string, Readonly<Record<string, RegExp>>] {
  return [name, {}];
}
