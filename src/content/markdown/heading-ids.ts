import type MarkdownIt from 'markdown-it';

/**
 * Gives each heading an id made from its text, letters of every script kept, and moves headings one level down where
 * the body has one of the first level: that one is the article's title.
 */
export function addHeadingIds(markdown: MarkdownIt): void {
  markdown.core.ruler.push('heading_ids', ({ tokens }) => {
    const taken = new Map<string, number>();
    const shift = tokens.some((token) => token.type === 'heading_open' && token.tag === 'h1') ? 1 : 0;
    for (const [index, token] of tokens.entries()) {
      if (token.type !== 'heading_open' && token.type !== 'heading_close') continue;
      token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + shift)}`;
      if (token.type === 'heading_close') continue;
      const text = (tokens[index + 1]?.children ?? [])
        .filter(({ type }) => type === 'text' || type === 'code_inline')
        .map(({ content }) => content)
        .join('');
      token.attrSet('id', uniqueId(anchorOf(text), taken));
    }
  });
}

/** `Was der Fall ist!` → `was-der-fall-ist`; never like a footnote's id. */
export function anchorOf(text: string): string {
  const id = text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)
    .toWellFormed();
  return id === '' || /^fn(?:ref)?\d/.test(id) ? `part-${id}`.replace(/-$/, '') : id;
}

/** Numbered from where the last one of the same name stopped: a thousand equal headings take no thousand tries each. */
function uniqueId(wanted: string, taken: Map<string, number>): string {
  let number = taken.get(wanted) ?? 0;
  let id = wanted;
  do {
    number += 1;
    id = number === 1 ? wanted : `${wanted}-${number}`;
  } while (id !== wanted && taken.has(id));
  taken.set(wanted, number);
  if (id !== wanted) taken.set(id, 1);
  return id;
}
