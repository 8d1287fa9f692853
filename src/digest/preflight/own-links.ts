import { join } from 'node:path';
import {
  type Article,
  type FullArticle,
  isSitePage,
  type LiveCatalog,
  type PublishedCatalog,
  pagePathOf,
  sitePageOf,
} from '../../content/index.ts';
import { defaultLanguage, type Site } from '../../site.ts';
import { alive, type LinkVerdict } from './link-verdict.ts';

export interface OwnLinksOptions {
  readonly site: Site;
  readonly published: PublishedCatalog;
  readonly withBodies: LiveCatalog['withBodies'];
  /** Names of the newsletters. */
  readonly newsletters: readonly string[];
  /** Whether an edition has a page, or gets one by being sent. */
  hasEdition(newsletter: string, key: string): Promise<boolean>;
  /** Absolute paths of the folders that files are served from. */
  readonly folders: { readonly content: string; readonly templates: string; readonly public: string };
  /** Whether there is a file at an absolute path. */
  isFile(path: string): Promise<boolean>;
}

export function isOwnAddress(url: string, site: Site): boolean {
  return sitePageOf(url, site) !== null;
}

/** Says of an address of the publication whether anybody who opens it sees something. */
export function createOwnLinks(options: OwnLinksOptions): (url: string) => Promise<LinkVerdict> {
  const { site, published, newsletters, folders } = options;
  let aliases: ReadonlySet<string> | null = null;
  /** WordPress’ `/?p=123` is an alias too; a query says nothing else. */
  const isAlias = (path: string): boolean => {
    aliases ??= new Set(
      published.articles.flatMap((article) => article.aliases.map((alias) => pagePathOf(alias.replace(/\?.*$/s, '')))),
    );
    return aliases.has(path);
  };

  async function articleVerdict(lang: string, slug: string, file: string | null, hash: string): Promise<LinkVerdict> {
    const article = published.findBySlug(lang, slug) ?? published.findFormer(lang, slug);
    if (article === null) {
      if (published.findWithdrawn(lang, slug) !== null) return dead('that article is withdrawn');
      return isAlias(articlePathOf(lang, slug)) ? alive : dead('no published article is there');
    }
    if (file === null) return anchorVerdict(article, hash);
    const original = article.attachments.find(({ name }) => name === file);
    const isThere = original
      ? options.isFile(join(folders.content, original.path))
      : isPublic(`${articlePathOf(lang, slug)}/${file}`);
    return (await isThere) ? alive : dead('no such file is there');
  }

  /** Smaller sizes of pictures, the publication's own, those of the templates. */
  async function isPublic(path: string): Promise<boolean> {
    // A path of an address: nothing leads out of the folder.
    if (path.split('/').some((step) => step.startsWith('.'))) return false;
    const inMail = /^\/mail\/([^/]+)$/.exec(path)?.[1];
    return options.isFile(inMail === undefined ? join(folders.public, path) : join(folders.templates, 'img', inMail));
  }

  function articlePathOf(lang: string, slug: string): string {
    return `${lang === defaultLanguage(site) ? '' : `/${lang}`}/articles/${slug}`;
  }

  /** An empty one and `#top` mean the page's top; pages that live elsewhere have anchors that nobody knows here. */
  async function anchorVerdict(article: Article, hash: string): Promise<LinkVerdict> {
    if (hash === '' || hash === 'top' || article.link !== null) return alive;
    const [full] = await options.withBodies([article]);
    return full && hasAnchor(full, hash) ? alive : dead(`that page has no heading or note “#${hash}”`);
  }

  return async (url) => {
    const page = sitePageOf(url, site);
    if (page === null) return alive;
    const { path, hash } = page;
    const [, prefix, slug, file] = /^(?:\/([^/]+))?\/articles\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (slug !== undefined && (prefix === undefined || site.languages.includes(prefix))) {
      return articleVerdict(prefix ?? defaultLanguage(site), slug, file ?? null, hash);
    }
    const [, newsletter, key] = /^(?:\/[^/]+)?\/newsletters\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (newsletter !== undefined) {
      if (!newsletters.includes(newsletter)) return dead('there is no such newsletter');
      const isPage = key === undefined || /\.(?:xml|json)$/.test(key) || (await options.hasEdition(newsletter, key));
      return isPage ? alive : dead('there is no such edition');
    }
    if (isSitePage(path, site) || isAlias(path) || (await isPublic(path))) return alive;
    return dead('the site has no such page');
  };
}

function hasAnchor({ html }: FullArticle, hash: string): boolean {
  return html.includes(` id="${hash}"`);
}

function dead(why: string): LinkVerdict {
  return { kind: 'dead', why };
}
