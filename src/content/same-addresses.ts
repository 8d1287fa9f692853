import type { ArticleRecord } from './article-store.ts';
import type { ContentProblem } from './problem.ts';

/** Language and slug: what no two articles may share. */
export function addressOf({ article }: ArticleRecord): string {
  return `${article.lang}/${article.slug}`;
}

/** Of two articles at one address the one that was there before stays; the other is taken out, with a problem. */
export function dropSameAddresses(next: Map<string, ArticleRecord>): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const addresses = new Set<string>();
  for (const record of next.values()) addresses.add(addressOf(record));
  if (addresses.size === next.size) return problems;
  for (const same of Map.groupBy(next.values(), addressOf).values()) {
    const [first, ...others] = same.toSorted((a, b) => (seniority(a) < seniority(b) ? -1 : 1));
    for (const { article, path } of others) {
      next.delete(article.id);
      const message = `content/${first?.path} has the address ${article.slug} in ${article.lang} already. Give this file another “slug:”.`;
      const place = { file: `content/${path}`, line: 1, column: 1, field: 'slug' };
      problems.push({ ...place, code: 'duplicate-slug', message, blocking: true });
    }
  }
  return problems;
}

function seniority({ article, path }: ArticleRecord): string {
  return `${article.publishedAt ?? '9'} ${path}`;
}
