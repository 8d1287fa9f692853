/** Text by BCP 47 language. */
export type Localized = Readonly<Record<string, string>>;

/** A country or topic that articles name by its key. */
export interface Section {
  readonly title: Localized;
}

/** An author with a feed of their own. */
export interface AuthorProfile {
  readonly name: string;
  readonly url?: string | undefined;
}

/** The publication as everything else sees it: the part of `silkpost.yaml` that texts and links are made from. */
export interface Site {
  readonly title: Localized;
  readonly description: Localized;
  /** Absolute, without a trailing slash. Every link is built from it. */
  readonly url: string;
  /** Earlier values of `url`; requests for their hosts are redirected. */
  readonly formerUrls: readonly string[];
  /** RFC 4151 tagging entity (`dispatch.example,2023`); null: ids are random urn:uuid. */
  readonly authority: string | null;
  /** IANA name. */
  readonly timezone: string;
  /** BCP 47, at least one; the first is the default language and lives at the root. */
  readonly languages: readonly string[];
  readonly publisher: {
    readonly name: string;
    readonly email?: string | undefined;
    /** The postal address that mail law asks for. */
    readonly address: string;
  };
  /** File names in the publication's folder, or null. */
  readonly image: string | null;
  readonly icon: string | null;
  readonly privacyUrl: string | null;
  readonly countries: Readonly<Record<string, Section>>;
  readonly topics: Readonly<Record<string, Section>>;
  readonly authors: Readonly<Record<string, AuthorProfile>>;
}

/** The three kinds of selection that have a page and feeds of their own. */
export type SectionKind = 'countries' | 'topics' | 'authors';

export function defaultLanguage(site: Site): string {
  return site.languages[0] ?? 'en';
}

/** The text in `lang`, else in the publication's default language, else in any. */
export function localized(text: Localized, lang: string, site: Site): string {
  return text[lang] ?? text[defaultLanguage(site)] ?? Object.values(text)[0] ?? '';
}

/** `''` for the default language, `/fa` for another. */
export function languagePrefix(site: Site, lang: string): string {
  return lang === defaultLanguage(site) ? '' : `/${lang}`;
}

export function homePath(site: Site, lang: string): string {
  return `${languagePrefix(site, lang)}/`;
}

export function articlePath(site: Site, lang: string, slug: string): string {
  return `${languagePrefix(site, lang)}/articles/${slug}`;
}

/** `/fa/countries/armenia` */
export function sectionPath(site: Site, lang: string, kind: SectionKind, key: string): string {
  return `${languagePrefix(site, lang)}/${kind}/${key}`;
}

/** `/fa/archive/3/`: the third part of the home feed's archive, numbered from 1. */
export function archivePath(site: Site, lang: string, part: number): string {
  return `${languagePrefix(site, lang)}/archive/${part}/`;
}

/** `/fa/feeds/select`: any selection, named by the query. */
export function selectionPath(site: Site, lang: string): string {
  return `${languagePrefix(site, lang)}/feeds/select`;
}

/** `/newsletters/weekly` */
export function newsletterPath(site: Site, lang: string, newsletter: string): string {
  return `${languagePrefix(site, lang)}/newsletters/${newsletter}`;
}

/** `/newsletters/weekly/2026-11-27T0300Z` */
export function editionPath(site: Site, lang: string, newsletter: string, key: string): string {
  return `${newsletterPath(site, lang, newsletter)}/${key}`;
}

/** Any path on the publication's site as an absolute URL. */
export function absoluteUrl(site: Site, path: string): string {
  return site.url + path;
}
