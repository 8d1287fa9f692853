import { mediaTypeOf } from '../../content/index.ts';
import { type FeedFormat, feedFormats } from '../../feeds/index.ts';
import { directionOf } from '../../i18n/index.ts';
import { absoluteUrl, homePath, languagePrefix, localized, sectionPath } from '../../site.ts';
import { type AnnouncedFeed, feedPath, homeFeed } from '../announced-feed.ts';
import type { View } from '../view.ts';
import { dateText, type Html, html, languageAttributes, nothing } from './html.ts';
import { mark } from './mark.ts';

/** A page without what all pages share. */
export interface Page {
  /** Null on the front page, which has the publication's own. */
  readonly title: string | null;
  readonly description: string;
  /** This page's path, with its language's prefix; null where it has no lasting address (404, a reader's own page). */
  readonly path: string | null;
  /** Where the same page stands in other languages; one that isn't named gets that language's front page. */
  readonly translations: Readonly<Record<string, string>>;
  /** What was asked for with it, from `?` on, and goes along into another language; no part of its address. Default: nothing. */
  readonly query?: string;
  /** Paths of the pages before and after it in a list of several; default: it is the only one. */
  readonly neighbours?: { readonly previous: string | null; readonly next: string | null };
  /** Feeds of the page itself, announced before the publication's: feed readers take the first. */
  readonly feeds: readonly AnnouncedFeed[];
  /** `og:type` */
  readonly kind: 'website' | 'article';
  /** Absolute URL of a picture for previews elsewhere, or null. */
  readonly imageUrl: string | null;
  readonly main: Html;
}

const formatNames = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' } as const;

/** A whole page: head, nameplate, sections, foot. */
export function layout(view: View, page: Page): Html {
  const { locale } = view;
  return html`<!doctype html>
<html lang="${view.lang}" dir="${directionOf(view.lang)}">
${head(view, page)}
<body>
<a class="skip" href="#main">${locale.t('site.skip')}</a>
<header>
<div class="selvedge"></div>
<div class="wrap">
<nav class="languages" aria-label="${locale.t('site.languages')}"><ul>${view.site.languages.map((lang) => languageItem(view, page, lang))}</ul></nav>
<a class="nameplate" href="${view.href(homePath(view.site, view.lang))}">${mark()}<span>${view.title}</span></a>
<div class="strip"><nav aria-label="${locale.t('site.sections')}"><ul>${sectionItems(view, page)}</ul></nav><p class="today">${dateText(locale.day(view.now))}</p></div>
</div>
</header>
<main id="main" tabindex="-1">
${page.main}
</main>
${foot(view)}
</body>
</html>
`;
}

function head(view: View, page: Page): Html {
  const { site, title } = view;
  const home = homeFeed(view);
  const feeds = page.feeds.some((feed) => feed.path === home.path) ? page.feeds : [...page.feeds, home];
  const fullTitle = page.title === null ? title : `${page.title} – ${title}`;
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${fullTitle}</title>
<meta name="description" content="${page.description}">
${page.path === null ? html`<meta name="robots" content="noindex">` : addresses(view, page, page.path)}
<meta property="og:site_name" content="${title}">
<meta property="og:title" content="${page.title ?? title}">
<meta property="og:description" content="${page.description}">
<meta property="og:type" content="${page.kind}">
${page.imageUrl === null ? nothing : html`<meta property="og:image" content="${page.imageUrl}">`}
${feeds.flatMap((feed) =>
  feedFormats.map(
    (format) =>
      html`<link rel="alternate" type="${feedMediaTypes[format]}" title="${feedTitle(feed, format)}" href="${view.href(feedPath(feed, format))}">
`,
  ),
)}${site.icon === null ? nothing : iconLinks(view, site.icon)}
<link rel="stylesheet" href="${view.href(view.stylePath)}">
</head>`;
}

export const feedMediaTypes = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
} as const;

/** As a feed is announced: `The Caucasus Dispatch: Armenia (RSS)`. */
export function feedTitle(feed: AnnouncedFeed, format: FeedFormat): string {
  return `${feed.title} (${formatNames[format]})`;
}

/** Apple's home screens take no SVG. */
function iconLinks(view: View, file: string): Html {
  const path = view.href(`/${file.split('/').map(encodeURIComponent).join('/')}`);
  const type = mediaTypeOf(file);
  return html`<link rel="icon"${type === null ? nothing : html` type="${type}"`} href="${path}">${
    /\.(?:png|jpe?g)$/i.test(file)
      ? html`
<link rel="apple-touch-icon" href="${path}">`
      : nothing
  }`;
}

function addresses(view: View, page: Page, path: string): Html {
  const all = { ...page.translations, [view.lang]: path };
  const listed = view.site.languages.filter((lang) => all[lang] !== undefined);
  return html`<link rel="canonical" href="${absoluteUrl(view.site, path)}">
<meta property="og:url" content="${absoluteUrl(view.site, path)}">
${neighbourLinks(view, page)}${listed.length < 2 ? nothing : listed.map((lang) => html`<link rel="alternate" hreflang="${lang}" href="${absoluteUrl(view.site, all[lang] ?? '')}">`)}`;
}

function neighbourLinks(view: View, { neighbours }: Page): Html[] {
  const links = [
    { rel: 'prev', path: neighbours?.previous ?? null },
    { rel: 'next', path: neighbours?.next ?? null },
  ];
  return links.flatMap(({ rel, path }) =>
    path === null
      ? []
      : [
          html`<link rel="${rel}" href="${absoluteUrl(view.site, path)}">
`,
        ],
  );
}

function languageItem(view: View, page: Page, lang: string): Html {
  if (lang === view.lang) return html`<li><span aria-current="true">${view.languageName(lang)}</span></li>`;
  const translation = page.translations[lang];
  const path = translation === undefined ? homePath(view.site, lang) : translation + (page.query ?? '');
  return html`<li><a href="${view.href(path)}" hreflang="${lang}"${languageAttributes(view, lang)}>${view.languageName(lang)}</a></li>`;
}

function sectionItems(view: View, page: Page): Html[] {
  const { site, lang, locale } = view;
  const prefix = languagePrefix(site, lang);
  const links = [
    ...Object.keys(site.countries).map((key) => ({
      path: sectionPath(site, lang, 'countries', key),
      title: view.sectionTitle('countries', key) ?? key,
    })),
    ...(view.newsletters.length > 0 ? [{ path: `${prefix}/newsletters`, title: locale.t('site.newsletters') }] : []),
    { path: `${prefix}/feeds`, title: locale.t('site.feeds') },
  ];
  return links.map(
    ({ path, title }) =>
      html`<li><a href="${view.href(path)}"${path === page.path ? html` aria-current="page"` : nothing}>${title}</a></li>`,
  );
}

function foot(view: View): Html {
  const { site, lang, locale } = view;
  const prefix = languagePrefix(site, lang);
  const home = homeFeed(view);
  const { name, address, email } = site.publisher;
  return html`<footer class="foot"><div class="wrap">
<ul>${feedFormats.map((format) => html`<li><a href="${view.href(feedPath(home, format))}"><bdi>${formatNames[format]}</bdi></a></li>`)}
<li><a href="${view.href(`${prefix}/feeds`)}">${locale.t('site.feeds')}</a></li>
${
  view.newsletters.length === 0
    ? nothing
    : html`<li><a href="${view.href(`${prefix}/newsletters`)}">${locale.t('site.newsletters')}</a></li>
<li><a href="${view.href(`${prefix}/subscribe`)}">${locale.t('site.subscribe')}</a></li>`
}
${site.privacyUrl === null ? nothing : html`<li><a href="${site.privacyUrl}">${locale.t('site.privacy')}</a></li>`}</ul>
<p>${localized(site.description, lang, site)}</p>
<p><bdi>${name} · ${address}</bdi>${email === undefined ? nothing : html` · <a href="mailto:${email}"><bdi>${email}</bdi></a>`}</p>
<p class="small">${locale.t('site.published_with')}</p>
</div></footer>`;
}
