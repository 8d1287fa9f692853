import type { ArticleRecord } from '../catalog/article-store.ts';
import { maxSlugLength } from '../file-name.ts';
import type { ArticleFields } from '../front-matter/article-fields.ts';
import type { ContentProblem } from '../problem.ts';

/** Language and slug: what no two articles may share. */
type Addressed = Pick<ArticleRecord, 'article'>;

/** The records of `all` at the addresses of some, by address. Only what is there is written as one text. */
export function groupAtAddresses(
  all: Iterable<ArticleRecord>,
  some: Iterable<Addressed>,
): Map<string, ArticleRecord[]> {
  const wanted = new Map<string, Map<string, ArticleRecord[]>>();
  for (const { article } of some) {
    const slugs = wanted.get(article.lang) ?? new Map<string, ArticleRecord[]>();
    wanted.set(article.lang, slugs.set(article.slug, []));
  }
  for (const record of all) wanted.get(record.article.lang)?.get(record.article.slug)?.push(record);
  const groups = new Map<string, ArticleRecord[]>();
  for (const [lang, slugs] of wanted) {
    for (const [slug, records] of slugs) groups.set(addressOf(lang, slug), records);
  }
  return groups;
}

export function addressOf(lang: string, slug: string): string {
  return `${lang}/${slug}`;
}

/** What is said of an article whose address another has, with an address that is most likely free. */
export function sameAddressMessage(first: string, other: Pick<ArticleFields, 'slug' | 'lang' | 'date'>): string {
  const { slug, lang, date } = other;
  const day = date.slice(0, 10);
  const free = `${slug.slice(0, maxSlugLength - day.length - 1).replace(/-$/, '')}-${day}`;
  return `content/${first} has the address ${slug} in ${lang} already. Give this file another, such as “slug: ${free}”.`;
}

/**
 * Of two articles at one address the one that was there before stays, however much older the other is; the other is taken
 * out, with a problem.
 *
 * @param changed Those of `next` that may have come to another's address.
 * @param records What was there before, by id.
 */
export function dropSameAddresses(
  next: Map<string, ArticleRecord>,
  changed: Iterable<ArticleRecord>,
  records: ReadonlyMap<string, ArticleRecord>,
): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const rank = (record: ArticleRecord): string => seniority(record, records.get(record.article.id));
  for (const same of groupAtAddresses(next.values(), changed).values()) {
    const [first, ...others] = same.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
    for (const { article, path } of others) {
      next.delete(article.id);
      const message = sameAddressMessage(first?.path ?? '', article);
      const place = { file: `content/${path}`, line: 1, column: 1, field: 'slug' };
      problems.push({ ...place, code: 'duplicate-slug', message, blocking: true });
    }
  }
  return problems;
}

function seniority({ article, path }: ArticleRecord, before: ArticleRecord | undefined): string {
  const wasHere =
    before?.goneAt === null &&
    before.article.publishedAt !== null &&
    before.article.lang === article.lang &&
    before.article.slug === article.slug;
  return `${wasHere ? 0 : 1} ${article.publishedAt ?? '9'} ${path}`;
}
