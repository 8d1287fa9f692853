import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** Loaded where a text is wanted: a newsletter's. */
const load = (): typeof import('html-to-text') => require('html-to-text');

/** Sanitised HTML → the text that a person reads, paragraphs apart, pictures and footnotes' way back left out. */
export type PlainText = (html: string) => string;

export function createPlainText(): PlainText {
  let convert: PlainText | null = null;
  return (html) => {
    convert ??= createConverter();
    // A list at the beginning keeps the blank before its first mark.
    return convert(html)
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+|\s+$/g, '');
  };
}

function createConverter(): PlainText {
  return load().compile({
    wordwrap: false,
    limits: { maxInputLength: 64 * 1024 * 1024, maxDepth: 200 },
    // The library's own table takes minutes for ten thousand rows.
    formatters: {
      row(element, walk, builder) {
        builder.openBlock({ leadingLineBreaks: 1 });
        walk(element.children, builder);
        builder.closeBlock({ trailingLineBreaks: 1 });
      },
      cell(element, walk, builder) {
        walk(element.children, builder);
        builder.addLiteral('  ');
      },
    },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'a.footnote-backref', format: 'skip' },
      { selector: 'img', format: 'skip' },
      { selector: 'hr', format: 'skip' },
      { selector: 'table', format: 'block' },
      { selector: 'tr', format: 'row' },
      { selector: 'th', format: 'cell' },
      { selector: 'td', format: 'cell' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
}
