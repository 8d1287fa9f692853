import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

/**
 * Takes the text of a footnote that is written inside another one out of it. markdown-it-footnote takes the inner one's
 * end for the outer one's, so that the rest of the outer one stands in the article, with elements that nothing opens.
 * To be removed when footnotes within footnotes come out of it whole.
 */
export function flattenFootnotes(markdown: MarkdownIt): void {
  markdown.core.ruler.before('footnote_tail', 'flat_footnotes', (state) => {
    const written: Token[] = [];
    /** The footnotes that are open, the outermost first. */
    const open: Token[][] = [];
    let inner: Token[] = [];
    for (const token of state.tokens) {
      if (token.type === 'footnote_reference_open') open.push([]);
      (open.at(-1) ?? written).push(token);
      if (token.type !== 'footnote_reference_close') continue;
      const closed = open.pop() ?? [];
      if (open.length > 0) inner.push(...closed);
      else {
        written.push(...closed, ...inner);
        inner = [];
      }
    }
    state.tokens = written;
  });
}
