import { articlePath, type Site } from '../../site.ts';
import { sameAddressMessage } from '../markdown/same-addresses.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn } from './checked-article.ts';
import { isSitePage, pagePathOf } from './site-pages.ts';

/** Ids, slugs, titles and old addresses that two articles share: the later file is told of the earlier one. */
export function checkAddresses(articles: readonly CheckedArticle[], site: Site): ContentProblem[] {
  const pageOf = ({ fields }: CheckedArticle): string => articlePath(site, fields.lang, fields.slug);
  return [
    ...findTwice(
      articles.filter(({ fields }) => fields.explicitId !== null),
      ({ fields }) => fields.explicitId ?? '',
      (other, first) =>
        problemIn(
          other,
          'id',
          'duplicate-id',
          `content/${first.path} has the same id. Take the line out here: a copy is an article of its own.`,
          true,
        ),
    ),
    ...findTwice(articles, pageOf, (other, first) =>
      problemIn(other, 'slug', 'duplicate-slug', sameAddressMessage(first.path, other.fields), true),
    ),
    ...findTwice(
      articles.filter(({ fields }) => fields.status !== 'withdrawn'),
      ({ fields }) => `${fields.lang} ${fields.title.normalize('NFC').toLowerCase()}`,
      (other, first) =>
        problemIn(
          other,
          'title',
          'duplicate-title',
          `content/${first.path} has the same title. Readers can’t tell them apart: change one.`,
        ),
    ),
    ...checkAliases(articles, new Map(articles.map((article) => [pageOf(article), article])), site),
  ];
}

function findTwice(
  articles: readonly CheckedArticle[],
  keyOf: (article: CheckedArticle) => string,
  report: (other: CheckedArticle, first: CheckedArticle) => ContentProblem,
): ContentProblem[] {
  return [...Map.groupBy(articles, keyOf).values()].flatMap(([first, ...others]) =>
    first ? others.map((other) => report(other, first)) : [],
  );
}

function checkAliases(
  articles: readonly CheckedArticle[],
  pages: ReadonlyMap<string, CheckedArticle>,
  site: Site,
): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const owners = new Map<string, CheckedArticle>();
  for (const article of articles) {
    for (const [index, alias] of article.fields.aliases.entries()) {
      const path = pagePathOf(alias);
      const field = `aliases.${index}`;
      const [page, owner] = [pages.get(path), owners.get(path)];
      if (page === article) {
        problems.push(problemIn(article, field, 'alias-taken', `${alias} is where the article is. Take the line out.`));
      } else if (page) {
        const message = `${alias} is the address of content/${page.path}, which wins. Take the line out.`;
        problems.push(problemIn(article, field, 'alias-taken', message));
      } else if (isSitePage(path, site)) {
        problems.push(
          problemIn(article, field, 'alias-taken', `The site has a page ${alias}, which wins. Take the line out.`),
        );
      } else if (owner && owner !== article) {
        const message = `content/${owner.path} has the alias ${alias} too. Only one of them can have it.`;
        problems.push(problemIn(article, field, 'duplicate-alias', message));
      } else owners.set(path, article);
    }
  }
  return problems;
}
