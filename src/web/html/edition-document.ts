import type { Edition, Newsletter } from '../../digest/index.ts';
import { feedFormats } from '../../feeds/index.ts';
import { directionOf } from '../../i18n/index.ts';
import { absoluteUrl, editionPath, localized, newsletterPath } from '../../site.ts';
import { feedPath, newsletterFeed } from '../announced-feed.ts';
import type { View } from '../view.ts';
import { type Html, html, languageAttributes, nothing } from './html.ts';
import { feedMediaTypes, feedTitle } from './layout.ts';

export interface EditionDocument {
  readonly newsletter: Newsletter;
  readonly edition: Pick<Edition, 'key'>;
  /** The languages that it was written in. */
  readonly languages: readonly string[];
  /** The one that is shown. */
  readonly lang: string;
  /** Plain text. */
  readonly summary: string;
  /** The web version of the mail: a whole HTML document. */
  readonly html: string;
}

/** An edition's web version with what makes it a page of the site: its addresses, its languages, the way to the others. */
export async function editionDocument(view: View, document: EditionDocument): Promise<string> {
  const head = String(await addresses(view, document));
  const top = String(await navigation(view, document));
  // By functions: `$` in a headline stands for itself.
  return document.html
    .replace(/<\/head>/i, (end) => head + end)
    .replace(/<body[^>]*>/i, (start) => `${start}\n${top}<main>`)
    .replace(/<\/body>(?![\s\S]*<\/body>)/i, (end) => `</main>\n${end}`);
}

function addresses(view: View, { newsletter, edition, languages, lang, summary }: EditionDocument): Html {
  const { site } = view;
  const urlIn = (other: string): string => absoluteUrl(site, editionPath(site, other, newsletter.name, edition.key));
  const feed = newsletterFeed(view, newsletter);
  return html`<meta name="description" content="${summary}">
<link rel="canonical" href="${urlIn(lang)}">
${languages.length < 2 ? nothing : languages.map((other) => html`<link rel="alternate" hreflang="${other}" href="${urlIn(other)}">\n`)}${feedFormats.map(
  (format) =>
    html`<link rel="alternate" type="${feedMediaTypes[format]}" title="${feedTitle(feed, format)}" href="${view.href(feedPath(feed, format))}">\n`,
)}`;
}

/** Styled inline as the mail is; its colours follow the mail's own dark side. */
function navigation(view: View, { newsletter, edition, languages, lang }: EditionDocument): Html {
  const { site, locale } = view;
  const style =
    'max-width:572px;margin:0 auto;padding:4px 14px;font:15px/24px "Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:CanvasText';
  const item = 'display:inline-block;padding:10px';
  const link = `${item};color:light-dark(#1b4b7e,#94c1ec)`;
  return html`<nav lang="${view.lang}" dir="${directionOf(view.lang)}" aria-label="${locale.t('site.newsletters')}" style="${style}"><a style="${link}" href="${view.href(newsletterPath(site, view.lang, newsletter.name))}">${locale.label(localized(newsletter.title, view.lang, site))} ${locale.t('site.past_editions')}</a></nav>
${
  languages.length < 2
    ? nothing
    : html`<nav lang="${view.lang}" dir="${directionOf(view.lang)}" aria-label="${locale.t('site.languages')}" style="${style};padding-top:0">${languages.map(
        (other) =>
          other === lang
            ? html`<span style="${item}" aria-current="true"${languageAttributes(view, other)}>${view.languageName(other)}</span> `
            : html`<a style="${link}" href="${view.href(editionPath(site, other, newsletter.name, edition.key))}" hreflang="${other}"${languageAttributes(view, other)}>${view.languageName(other)}</a> `,
      )}</nav>`
}
`;
}
