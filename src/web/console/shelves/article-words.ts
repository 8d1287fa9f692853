import type { Article, ArticleState } from '../../../content/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import type { Site } from '../../../site.ts';
import { type Html, html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';

export const stateTitles: Readonly<Record<ArticleState, string>> = {
  draft: 'Draft',
  scheduled: 'Scheduled',
  published: 'Published',
  withdrawn: 'Withdrawn',
};

const stateClasses: Readonly<Record<ArticleState, string>> = {
  draft: '',
  scheduled: 'waiting',
  published: 'good',
  withdrawn: 'bad',
};

export function stateText(state: ArticleState): Html {
  return html`<span class="${stateClasses[state]}">${stateTitles[state]}</span>`;
}

/** The title as a link to the article's page in the console. */
export function articleLink({ consolePath }: ConsoleRequest, { lang, slug, title }: Article): Html {
  return html`<a href="${consolePath(articlePagePath(lang, slug))}" lang="${lang}" dir="${directionOf(lang)}">${title}</a>`;
}

/** Below `/console`. */
export function articlePagePath(lang: string, slug: string): string {
  return `/articles/${encodeURIComponent(lang)}/${encodeURIComponent(slug)}`;
}

/** In the operator's zone and the publication's. */
export function instantText({ operator, site }: ConsoleRequest, instant: string): Html {
  return timeText(operator, instant, site.timezone);
}

/** What a key of `silkpost.yaml` is called in English, or in what it is called at all. */
export function sectionText(site: Site, kind: 'countries' | 'topics', key: string): Html {
  const title = Object.hasOwn(site[kind], key) ? site[kind][key]?.title : undefined;
  const lang = title === undefined ? undefined : ['en', ...Object.keys(title)].find((one) => title[one] !== undefined);
  if (title === undefined || lang === undefined) return html`<bdi>${key}</bdi>`;
  return html`<bdi lang="${lang}" dir="${directionOf(lang)}">${title[lang]}</bdi>`;
}

/** What an article names may be anything: only what a browser may open becomes a link. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
