import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../clock.ts';
import { AppError } from '../errors.ts';
import { defaultLanguage, type Site } from '../site.ts';
import { type NewArticle, renderNewArticle } from './article-template.ts';
import { listContentFiles } from './catalog/content-files.ts';
import { createMint, type Mint } from './catalog/mint-id.ts';
import { maxSlugLength, slugify, slugPattern } from './file-name.ts';
import { parseArticleDate } from './front-matter/article-date.ts';
import { parseArticleFields } from './front-matter/article-fields.ts';
import { splitFrontMatter } from './front-matter/front-matter.ts';
import { readSourceFile } from './source-file.ts';
import { transliterate } from './transliterate.ts';

/** What is said of it; the rest follows, and its keys must be the publication's. */
export type NewArticleOptions = { readonly title: string } & {
  readonly [Key in Exclude<keyof NewArticle, 'id' | 'title'>]?: NewArticle[Key] | undefined;
};

/**
 * Writes the file of a new article and returns its absolute path. No file is ever written over.
 *
 * @throws AppError `invalid` for a title that gives no slug or a date that is none, `conflict` where the address is taken.
 */
export async function writeNewArticle(
  contentDir: string,
  site: Site,
  options: NewArticleOptions,
  now: Instant,
): Promise<string> {
  const title = options.title.trim();
  if (title === '') throw new AppError('invalid', 'The title is empty.');
  const lang = options.lang ?? defaultLanguage(site);
  const slug = options.slug ?? slugOfTitle(title);
  if (!slugPattern.test(slug) || slug.length > maxSlugLength) {
    const message = `A slug has only lower-case Latin letters, digits and single hyphens, at most ${maxSlugLength}: “${slug}” isn’t one.`;
    throw new AppError('invalid', message);
  }
  const date = options.date ?? localTime(now, site.timezone);
  const instant = parseArticleDate(date, site.timezone);
  if (instant === null) {
    throw new AppError('invalid', `“${date}” is not a date. Write 2023-04-09 or 2023-04-09T18:30:00+04:00.`);
  }
  const taken = await listTaken(contentDir, site);
  const other = taken.addresses.get(`${lang}/${slug}`);
  if (other !== undefined) {
    throw new AppError('conflict', `content/${other} has the address ${slug} in ${lang} already. Say another --slug.`);
  }
  const path = join(contentDir, fileName(date, slug, lang, site));
  const text = renderNewArticle({
    ...options,
    status: options.status ?? 'draft',
    authors: options.authors ?? [],
    countries: options.countries ?? [],
    topics: options.topics ?? [],
    id: mintFreeId(site, { lang, slug, date: instant }, taken.ids),
    title,
    slug,
    lang,
    date,
  });
  checkText(text, path, site);
  await mkdir(contentDir, { recursive: true });
  await writeFresh(path, text);
  return path;
}

function slugOfTitle(title: string): string {
  const slug = slugify(transliterate(title));
  if (slug !== '') return slug;
  throw new AppError('invalid', 'No address can be made of this title. Say --slug some-latin-words.');
}

/** The time in the publication's zone to the second, with its offset: `2023-04-09T18:30:00+04:00`. */
function localTime(now: Instant, timezone: string): string {
  const moment = Temporal.Instant.from(now).toZonedDateTimeISO(timezone);
  return moment.toString({ timeZoneName: 'never', fractionalSecondDigits: 0 });
}

function fileName(date: string, slug: string, lang: string, site: Site): string {
  const suffix = lang === defaultLanguage(site) ? '' : `.${lang}`;
  return `${date.trim().slice(0, 10)}-${slug}${suffix}.md`;
}

/** As a catalog mints one that it sees first; a random one without an authority. */
function mintFreeId(site: Site, article: Parameters<Mint>[0], taken: ReadonlySet<string>): string {
  const mint = createMint(site, randomBytes(32));
  let id = mint(article, 1);
  for (let attempt = 2; taken.has(id); attempt++) id = mint(article, attempt);
  return id;
}

interface Taken {
  /** Paths of files by language and slug. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly ids: ReadonlySet<string>;
}

async function listTaken(contentDir: string, site: Site): Promise<Taken> {
  const addresses = new Map<string, string>();
  const ids = new Set<string>();
  for (const { path } of (await listContentFiles(contentDir)).articles) {
    const source = readSourceFile(contentDir, path);
    const split = 'text' in source ? splitFrontMatter(source.text) : null;
    const fields = split && 'front' in split ? parseArticleFields(split.front, path, site, split).fields : null;
    if (fields === null) continue;
    addresses.set(`${fields.lang}/${fields.slug}`, path);
    if (fields.explicitId !== null) ids.add(fields.explicitId);
  }
  return { addresses, ids };
}

/** What no article could say (a title of a thousand characters) isn't written either. */
function checkText(text: string, path: string, site: Site): void {
  const split = splitFrontMatter(text);
  if (!('front' in split)) throw new AppError('invalid', split.message);
  const fault = parseArticleFields(split.front, path, site).problems.find(({ blocking }) => blocking);
  if (fault) throw new AppError('invalid', fault.message);
}

async function writeFresh(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (!exists) throw cause;
    throw new AppError('conflict', `${path} is there already. Say another --slug or --date.`, { cause });
  });
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
