import { basename, dirname } from 'node:path/posix';

/**
 * What an article's file name says: `2023-04-09-tehran-talks.fa.md` is the Persian `tehran-talks`, and so is
 * `2023-04-09-tehran-talks/index.fa.md`.
 */
export interface FileName {
  /** Made fit for a URL; empty where the name holds no Latin letter or digit. */
  readonly slug: string;
  /** The suffix, where it is one of the publication's languages or any two letters. */
  readonly lang: string | null;
  /** The publication's language that a folder above the file is named for, as in `fa/posts/talks.md`; else null. */
  readonly folderLang: string | null;
  /** The day that the name begins with, `2023-04-09`; null where it doesn't. */
  readonly date: string | null;
}

export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const maxSlugLength = 100;

/** Middleman writes `.html.markdown`. */
const extension = /(?:\.html?)?\.(?:md|markdown)$/i;
const dayPrefix = /^(\d{4}-\d{2}-\d{2})[-_. ]?(?=.)/;

/** Whether a file below `content/` is an article: Markdown, and neither a section's page of Hugo nor a draft of Jekyll. */
export function isArticleFile(path: string): boolean {
  return isMarkdownFile(path) && !/(?:^|\/)_index\.[^/]+$/i.test(path) && !/(?:^|\/)_drafts\//.test(path);
}

export function isMarkdownFile(path: string): boolean {
  return extension.test(path);
}

/**
 * A path as it is written, then with its letters and marks together (NFC) and apart (NFD): archives from macOS have the
 * names of files apart, whoever types an address has it together, and most systems take the two for different names.
 */
export function spellingsOf(path: string): readonly string[] {
  return [...new Set([path, path.normalize('NFC'), path.normalize('NFD')])];
}

/** What a map has for a path, in whatever spelling; null where it has nothing. */
export function findSpelled<Value>(byPath: ReadonlyMap<string, Value>, path: string): Value | null {
  for (const spelling of spellingsOf(path)) {
    const found = byPath.get(spelling);
    if (found !== undefined) return found;
  }
  return null;
}

/** Whether a path leads to, or through, what is hidden: the files of editors and of git. */
export function isHiddenPath(path: string): boolean {
  return path.split('/').some((step) => step.startsWith('.'));
}

export function parseFileName(path: string, languages: readonly string[]): FileName {
  const stem = basename(path).replace(extension, '');
  const [, before = stem, suffix = null] = /^(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/.exec(stem) ?? [];
  const languageNamed = (tag: string): string | null =>
    languages.find((lang) => lang.toLowerCase() === tag.replace('_', '-').toLowerCase()) ?? null;
  const known = suffix === null ? null : languageNamed(suffix);
  const lang = known ?? (suffix?.length === 2 ? suffix.toLowerCase() : null);
  const own = lang === null ? stem : before;
  // A folder for each article, with its pictures, as Hugo and some exporters make.
  const named = own.toLowerCase() === 'index' && dirname(path) !== '.' ? basename(dirname(path)) : own;
  const date = dayPrefix.exec(named)?.[1] ?? null;
  return {
    // Most articles have one of their own.
    get slug() {
      return slugify(named.replace(dayPrefix, ''));
    },
    lang,
    get folderLang() {
      for (const folder of dirname(path).split('/')) {
        const folderLang = languageNamed(folder);
        if (folderLang !== null) return folderLang;
      }
      return null;
    },
    date,
  };
}

/** Lower-case Latin letters, digits and hyphens made from any text. */
export function slugify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, maxSlugLength)
    .replace(/-$/, '');
}
