import { basename } from 'node:path/posix';

/** What an article's file name says: `2023-04-09-tehran-talks.fa.md` is the Persian `tehran-talks`. */
export interface FileName {
  /** Made fit for a URL; empty where the name holds no Latin letter or digit. */
  readonly slug: string;
  /** The suffix, where it is one of the publication's languages or any two letters. */
  readonly lang: string | null;
}

export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const maxSlugLength = 100;

export function parseFileName(path: string, languages: readonly string[]): FileName {
  const stem = basename(path).replace(/\.md$/i, '');
  const [, before = stem, suffix = null] = /^(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/.exec(stem) ?? [];
  const known = languages.find((lang) => lang.toLowerCase() === suffix?.toLowerCase());
  const lang = known ?? (suffix?.length === 2 ? suffix.toLowerCase() : null);
  const name = (lang === null ? stem : before).replace(/^\d{4}-\d{2}-\d{2}[-_. ]?(?=.)/, '');
  return { slug: slugify(name), lang };
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
