import { hash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Article, FullArticle } from '../article.ts';
import type { ArticleDesk } from '../article-desk.ts';
import type { ContentProblem } from '../problem.ts';
import type { ArticleRecord, ArticleStore, BodyRecord } from './article-store.ts';
import { changedArticle, plainArticle } from './packed-article.ts';

export interface ArticleBodies {
  /**
   * The articles with their texts, in their order: kept ones from the ledger, others rendered and kept. Null for one
   * whose file changed since it was read and of which no text was kept.
   *
   * @param render Who renders them; default: the desk.
   */
  full(articles: readonly Article[], render?: ArticleDesk['render']): Promise<(FullArticle | null)[]>;
  /** What is wrong with the texts that were rendered so far. */
  problemsOf(id: string): readonly ContentProblem[];
  /** Ids of articles whose text has something wrong with it; first those that only wait for another article. */
  listFaulty(): string[];
  /** Ids of articles whose kept texts link to one of these addresses (absolute URLs). */
  findLinking(urls: ReadonlySet<string>): Promise<string[]>;
  /** Renders these anew, and returns each with a hash that its text went into: what it links to may have changed. */
  renderAnew(records: readonly ArticleRecord[]): Promise<ArticleRecord[]>;
}

interface BodyParts {
  readonly desk: ArticleDesk;
  readonly store: ArticleStore;
  /** Goes into every version: another one has every text rendered anew. */
  readonly renderKey: string;
  readonly clock: Clock;
  findRecord(id: string): ArticleRecord | undefined;
}

export async function openArticleBodies(parts: BodyParts): Promise<ArticleBodies> {
  const { desk, store, renderKey, clock, findRecord } = parts;
  const problems = await store.listBodyProblems();
  const versionOf = ({ contentHash }: Article): string => `${renderKey} ${contentHash}`;

  async function keep(bodies: readonly BodyRecord[]): Promise<void> {
    await store.saveBodies(bodies);
    for (const { articleId, problems: found } of bodies) {
      if (found.length > 0) problems.set(articleId, found);
      else problems.delete(articleId);
    }
  }

  async function renderAndKeep(articles: readonly Article[], render: ArticleDesk['render']): Promise<BodyRecord[]> {
    const now = clock.now();
    // An older version's file has been written over: what stands there now may belong to a draft.
    const orders = articles.flatMap((article) => {
      const record = findRecord(article.id);
      return record?.article.contentHash === article.contentHash
        ? [{ article: plainArticle(article), bodyHash: record.bodyHash, now }]
        : [];
    });
    const results = await render(orders);
    const bodies = results.flatMap(({ html, problems: found }, index): BodyRecord[] => {
      const article = orders[index]?.article;
      if (!article || html === null) return [];
      return [{ articleId: article.id, version: versionOf(article), html, problems: found }];
    });
    await keep(bodies);
    return bodies;
  }

  return {
    async full(articles, render = desk.render) {
      const kept = await store.findBodies(articles.map(({ id }) => id));
      const byId = new Map(kept.map((body) => [body.articleId, body]));
      const missing = articles.filter((article) => byId.get(article.id)?.version !== versionOf(article));
      if (missing.length > 0) {
        const lost = new Set(missing.map(({ id }) => id));
        for (const body of await renderAndKeep(missing, render)) {
          byId.set(body.articleId, body);
          lost.delete(body.articleId);
        }
        for (const article of missing) {
          // Of a file that is gone or broken the last good text is better than none, though rendered for other settings.
          const last = byId.get(article.id);
          if (lost.has(article.id) && last && !isTextOf(last, article)) byId.delete(article.id);
        }
      }
      return articles.map((article) => {
        const body = byId.get(article.id);
        return body ? { ...plainArticle(article), html: body.html } : null;
      });
    },
    problemsOf: (id) => problems.get(id) ?? [],
    listFaulty: () => {
      const waits = (id: string): boolean =>
        problems.get(id)?.some(({ code }) => code === 'link-to-unpublished') === true;
      return [...problems.keys()].sort((a, b) => Number(waits(b)) - Number(waits(a)));
    },
    async findLinking(urls) {
      const found: string[] = [];
      for await (const some of store.listBodies()) {
        for (const { articleId, html } of some) if (linksTo(html, urls)) found.push(articleId);
      }
      return found;
    },
    async renderAnew(records) {
      const now = clock.now();
      const results = await desk.render(
        records.map(({ article, bodyHash }) => ({ article: plainArticle(article), bodyHash, now })),
      );
      const bodies: BodyRecord[] = [];
      const hashed = records.map((record, index) => {
        const { html, problems: found } = results[index] ?? { html: null, problems: [] };
        if (html === null) return record;
        const contentHash = hash('sha256', record.article.contentHash + html).slice(0, 32);
        const article = changedArticle(record.article, { contentHash });
        bodies.push({ articleId: article.id, version: versionOf(article), html, problems: found });
        return { ...record, article };
      });
      await keep(bodies);
      return hashed;
    },
  };
}

function linksTo(html: string, urls: ReadonlySet<string>): boolean {
  return html.matchAll(/ href="([^"#]*)/g).some(([, url = '']) => urls.has(url.replaceAll('&amp;', '&')));
}

/** Whether a kept text is that of the article's version, whatever it was rendered for. */
function isTextOf({ version }: BodyRecord, { contentHash }: Article): boolean {
  // The empty one comes from before there were versions.
  return version === '' || version.endsWith(` ${contentHash}`);
}
