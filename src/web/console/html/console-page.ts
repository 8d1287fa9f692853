import { directionOf } from '../../../i18n/index.ts';
import { type Html, html, nothing, raw } from '../../html/html.ts';
import { consoleHeaders } from '../console-headers.ts';
import type { AnyRequest, ConsoleRequest } from '../console-request.ts';
import { dropCookie } from '../cookies.ts';
import { logo } from './logo.ts';
import { plainTitle } from './plain-title.ts';
import { type Section, sections } from './sections.ts';
import { sentenceText } from './sentence-text.ts';

/** A page without what all pages share. */
export interface ConsolePage {
  /** The page's heading; plain text. */
  readonly title: string;
  /** The heading’s language; null where nobody knows. Default: English. */
  readonly titleLang?: string | null;
  /** Where it stands in the navigation; null: nowhere. */
  readonly section: Section | null;
  /** Beside the heading: when, where, how many. Default: nothing. */
  readonly aside?: Html;
  readonly main: Html;
  /** Default 200. */
  readonly status?: number;
}

/** A whole page: threads, navigation, what the last deed had to say, heading, and what it is about. */
export async function consolePage(request: AnyRequest, page: ConsolePage): Promise<Response> {
  const headers = new Headers({ ...consoleHeaders, 'content-type': 'text/html; charset=utf-8' });
  if (request.notice !== null) headers.append('set-cookie', dropCookie(request.site, 'notice'));
  return new Response(String(await layout(request, page)), { status: page.status ?? 200, headers });
}

// Nothing inline, nothing evaluated: the pages’ policy forbids both.
const htmxConfig = JSON.stringify({ includeIndicatorStyles: false, allowEval: false, historyCacheSize: 0 });

// Spelled out in a template, the bundler would take it for the end of a script around the program, and need a helper for it.
const scriptEnd = raw('</script>');

function layout(request: AnyRequest, { title, titleLang, section, aside, main }: ConsolePage): Html {
  const { site, assets, notice } = request;
  const publication = plainTitle(site, site.title);
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="htmx-config" content="${htmxConfig}">
<title>${title} – ${publication}</title>
<link rel="stylesheet" href="${assets.stylePath}">
${assets.scriptPaths.map((path) => html`<script src="${path}" defer>${scriptEnd}\n`)}</head>
<body class="console">
<a class="skip" href="#main">Skip to the content</a>
<div class="selvedge"></div>
<div class="app${request.operator === null ? ' alone' : nothing}">
${side(request, section)}
<main class="desk" id="main" tabindex="-1">
<div class="page-head"><h1${headingLanguage(titleLang)}>${title}</h1>${aside === undefined ? nothing : html`<p>${aside}</p>`}</div>
${notice === null ? nothing : html`<div class="note" role="status"><p>${sentenceText(notice)}</p></div>`}
${main}
</main>
</div>
</body>
</html>
`;
}

function headingLanguage(lang: string | null | undefined): Html | '' {
  if (lang === undefined) return nothing;
  return lang === null ? html` dir="auto"` : html` lang="${lang}" dir="${directionOf(lang)}"`;
}

function side(request: AnyRequest, section: Section | null): Html {
  if (request.operator === null) {
    return html`<header class="side"><div class="brand"><span class="hidden">Silkpost</span>${logo()}</div></header>`;
  }
  const { operator, consolePath } = request;
  return html`<header class="side"><div class="stick">
<div class="brand"><a href="${consolePath('/')}"><span class="hidden">Silkpost: desk</span>${logo()}</a></div>
<nav aria-label="Console"><ul>${navigation(request, section)}</ul></nav>
<div class="who"><p>Signed in as<br><b><bdi>${operator.name}</bdi></b>, ${operator.role}</p>
<form method="post" action="${consolePath('/sign-out')}"><button class="plain">Sign out</button></form></div>
</div></header>`;
}

function navigation({ may, consolePath }: ConsoleRequest, current: Section | null): Html[] {
  return Object.entries(sections).flatMap(([name, { title, path, right }]) =>
    may(right)
      ? [
          html`<li><a href="${consolePath(path)}"${name === current ? html` aria-current="page"` : nothing}>${title}</a></li>`,
        ]
      : [],
  );
}
