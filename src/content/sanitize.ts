import sanitizeHtml from 'sanitize-html';

const footnoteClasses = {
  section: ['footnotes'],
  hr: ['footnotes-sep'],
  ol: ['footnotes-list'],
  li: ['footnote-item'],
  sup: ['footnote-ref'],
  a: ['footnote-backref'],
};
const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

/**
 * HTML with nothing in it but what our Markdown makes.
 *
 * @param resolve The URL for an address within the article (`#fn1`), which footnotes write by themselves.
 */
export function sanitize(html: string, resolve: (hash: string) => string | null): string {
  return sanitizeHtml(html, {
    allowedTags: [
      ...headings,
      ...['p', 'blockquote', 'ul', 'ol', 'li', 'hr', 'br', 'pre', 'code', 'em', 'strong', 's', 'a', 'img', 'sup'],
      ...['figure', 'figcaption', 'section', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
    ],
    allowedAttributes: {
      a: ['href', 'title', 'id'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      ol: ['start'],
      li: ['id'],
      th: ['style'],
      td: ['style'],
      ...Object.fromEntries(headings.map((heading) => [heading, ['id']])),
    },
    allowedClasses: footnoteClasses,
    allowedStyles: { '*': { 'text-align': [/^(?:left|right|center)$/] } },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https'] },
    allowProtocolRelative: false,
    transformTags: {
      a(tagName, attribs) {
        const href = attribs['href'];
        if (href === undefined || !href.startsWith('#')) return { tagName, attribs };
        const { href: _, ...others } = attribs;
        const url = resolve(href);
        return { tagName, attribs: url === null ? others : { ...others, href: url } };
      },
    },
  });
}
