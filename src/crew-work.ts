import { createArticleWork, type RenderOrder, type RenderResult } from './content/work.ts';
import { createEntryWork, type SetEntry } from './feeds/work.ts';
import type { Site } from './site.ts';

/** What a thread has to know. */
export interface CrewSetup {
  readonly site: Site;
  readonly contentDir: string;
  /** Whether threads come after the one that hires them, which answers people. */
  readonly givesWay: boolean;
}

export interface RenderedAndSet {
  readonly rendered: RenderResult;
  /** Null where there is no text. */
  readonly set: SetEntry | null;
}

/** The heavy work of a rebuild: reading files, rendering texts, setting entries. */
export function createCrewWork({ site, contentDir }: Omit<CrewSetup, 'givesWay'>) {
  const [articles, entries] = [createArticleWork(site, contentDir), createEntryWork(site)];
  return {
    ...articles,
    ...entries,
    /** Both in one go, so that the text doesn't travel from thread to thread in between. */
    async renderAndSet(order: RenderOrder): Promise<RenderedAndSet> {
      const rendered = await articles.render(order);
      const { html } = rendered;
      return { rendered, set: html === null ? null : entries.set({ ...order.article, html }) };
    },
  };
}
