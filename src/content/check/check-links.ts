import type { Instant } from '../../clock.ts';
import { articlePath, type Site } from '../../site.ts';
import { findSpelled, spellingsOf } from '../file-name.ts';
import { mediaTypeOf } from '../media/attachments.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn, writtenStateAt } from './checked-article.ts';
import { isSitePage, linkTargetOf, pagePathOf } from './site-pages.ts';

export interface LinkContext {
  readonly site: Site;
  readonly now: Instant;
  /** Articles' files that are there but have a blocking problem, relative to `content/`. */
  readonly broken: ReadonlySet<string>;
  /** Every other file below `content/`, by path. */
  readonly others: ReadonlyMap<string, unknown>;
}

/** Links within the publication that lead nowhere, or to what nobody may see. */
export function checkLinks(articles: readonly CheckedArticle[], context: LinkContext): ContentProblem[] {
  const { site, now, broken, others } = context;
  const byFile = new Map(articles.map((article) => [article.path, article]));
  const byPage = new Map(
    articles.map((article) => [articlePath(site, article.fields.lang, article.fields.slug), article]),
  );
  const byAlias = new Map(
    articles.flatMap((article) => article.fields.aliases.map((alias) => [pagePathOf(alias), article] as const)),
  );

  const faultOf = (from: CheckedArticle, address: string): readonly [code: string, message: string] | null => {
    const target = linkTargetOf(address, from, site);
    switch (target.kind) {
      case 'elsewhere':
        return null;
      case 'anchor':
        return anchorFault(from, target.hash, 'this article');
      case 'article-file': {
        const to = findSpelled(byFile, target.path);
        if (to) return stateFault(from, to, now) ?? anchorFault(to, target.hash, target.path);
        return spellingsOf(target.path).some((path) => broken.has(path))
          ? ['broken-link', `${target.path} has problems of its own and isn’t published, so the link leads nowhere.`]
          : ['missing-file', `There is no article “${target.path}”. Correct the link’s address.`];
      }
      case 'page': {
        const [, page = '', file] = /^((?:\/[^/]+)?\/articles\/[^/]+)(\/.+)?$/.exec(target.path) ?? [];
        const to = byPage.get(page) ?? byAlias.get(target.path);
        if (to) return stateFault(from, to, now) ?? (file === undefined ? anchorFault(to, target.hash, page) : null);
        if (page !== '') return ['broken-link', `There is no article at ${page}. ${hintFor(page)}`];
        if (isSitePage(target.path, site) || isFile(target.path)) return null;
        return ['broken-link', `The site has no page ${target.path}. Correct the link’s address.`];
      }
      default:
        return target satisfies never;
    }
  };
  /** The same article in another language, where there is one. */
  const hintFor = (page: string): string => {
    const slug = page.slice(page.lastIndexOf('/') + 1);
    const other = site.languages.map((lang) => articlePath(site, lang, slug)).find((path) => byPage.has(path));
    return other === undefined ? 'Correct the link’s address.' : `Did you mean ${other}?`;
  };
  const isFile = (path: string): boolean =>
    mediaTypeOf(path) !== null && spellingsOf(path.slice(1)).some((spelling) => others.has(spelling));

  return articles
    .filter(({ fields }) => fields.status !== 'withdrawn')
    .flatMap((article) =>
      article.links.flatMap(({ address, line }) => {
        const fault = faultOf(article, address);
        return fault === null ? [] : [problemIn(article, line, ...fault)];
      }),
    );
}

/** Pages that live elsewhere have anchors that nobody knows here. An empty one and `#top` mean the page’s top. */
function anchorFault(to: CheckedArticle, hash: string, name: string): [string, string] | null {
  const lost = hash !== '' && hash !== 'top' && to.fields.link === null && !to.anchors.has(hash);
  if (!lost) return null;
  return ['broken-anchor', `There is no heading or note “#${hash}” in ${name}. Correct the link’s address.`];
}

/** A draft may name other drafts; what readers see may not. */
function stateFault(from: CheckedArticle, to: CheckedArticle, now: Instant): [string, string] | null {
  if (from.fields.status === 'draft') return null;
  const state = writtenStateAt(to.fields, now);
  switch (state) {
    case 'published':
      return null;
    case 'draft':
      return ['link-to-draft', `The link leads to ${to.path}, which is a draft: nobody can open it.`];
    case 'withdrawn':
      return ['link-to-withdrawn', `The link leads to ${to.path}, which is withdrawn. Take the link out.`];
    case 'scheduled': {
      if (to.fields.date <= from.fields.date) return null;
      const { date } = to.fields;
      return ['link-to-embargoed', `The link leads to ${to.path}, which appears on ${date}: it is dead until then.`];
    }
    default:
      return state satisfies never;
  }
}
