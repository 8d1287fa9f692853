import { type Clock, type Instant, toMs } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import type { Newsletter } from '../digest/index.ts';
import type { PictureSizes } from '../feeds/index.ts';
import { createLocale, dateFormat, type Locale, languageName } from '../i18n/index.ts';
import { localized, type SectionKind, type Site } from '../site.ts';
import type { Rhythm } from '../subscribers/index.ts';

/** What every page is drawn with: the publication in one language at one moment. */
export interface View {
  readonly site: Site;
  readonly lang: string;
  readonly locale: Locale;
  readonly now: Instant;
  readonly published: PublishedCatalog;
  readonly sizes: PictureSizes;
  /** URL path of the style sheet, as `href` takes it. */
  readonly stylePath: string;
  readonly newsletters: readonly Newsletter[];
  /** The rhythms in which a newsletter can come. */
  rhythmsOf(newsletter: string): readonly Rhythm[];
  /** The publication's title in this language. */
  readonly title: string;
  /** A path on this site as a link takes it: below the path of the publication's URL, where it has one. */
  href(path: string): string;
  /** An absolute URL as a link takes it: without the host where it is on this site, so that any of our names work. */
  link(url: string): string | null;
  /** The title of a country or topic, the name of an author; null for an unknown key. */
  sectionTitle(kind: SectionKind, key: string): string | null;
  /** What a language calls itself; its tag where that isn't known. */
  languageName(lang: string): string;
}

export interface ViewOptions {
  readonly site: Site;
  readonly lang: string;
  readonly clock: Clock;
  readonly published: PublishedCatalog;
  readonly sizes: PictureSizes;
  readonly stylePath: string;
  readonly newsletters: readonly Newsletter[];
  readonly rhythmsOf: (newsletter: string) => readonly Rhythm[];
}

export function createView(options: ViewOptions): View {
  const { site, lang } = options;
  const base = basePath(site);
  return {
    site,
    lang,
    locale: createLocale(lang, site.timezone),
    now: options.clock.now(),
    published: options.published,
    sizes: options.sizes,
    stylePath: options.stylePath,
    newsletters: options.newsletters,
    rhythmsOf: options.rhythmsOf,
    title: localized(site.title, lang, site),
    href: (path) => base + path,
    link: (url) => safeLink(site, base, url),
    sectionTitle: (kind, key) => sectionTitle(site, lang, kind, key),
    languageName,
  };
}

/** The path of the publication's URL (`/paper`), without a trailing slash; empty at a root. */
export function basePath(site: Site): string {
  return new URL(site.url).pathname.replace(/\/+$/, '');
}

/** The title of a configured country or topic, the name of a configured author; null for any other key. */
function sectionTitle(site: Site, lang: string, kind: SectionKind, key: string): string | null {
  if (kind === 'authors') return Object.hasOwn(site.authors, key) ? (site.authors[key]?.name ?? null) : null;
  const section = Object.hasOwn(site[kind], key) ? site[kind][key] : undefined;
  return section ? localized(section.title, lang, site) : null;
}

/** Minutes that an article takes to read, at least one. */
export function readingMinutes(article: Article): number {
  return Math.max(1, Math.round(article.words / 200));
}

/** Whether two instants fall on one day in the publication's zone. */
export function isSameDay(site: Site, a: Instant, b: Instant): boolean {
  const day = dateFormat('en-CA', { timeZone: site.timezone });
  return day.format(toMs(a)) === day.format(toMs(b));
}

function safeLink(site: Site, base: string, url: string): string | null {
  if (url === site.url) return `${base}/`;
  if (url.startsWith(`${site.url}/`)) return base + url.slice(site.url.length);
  return /^(https?:\/\/|mailto:)/i.test(url) ? url : null;
}
