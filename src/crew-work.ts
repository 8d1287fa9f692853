import { createArticleWork } from './content/work.ts';
import { createEntryWork } from './feeds/work.ts';
import type { Site } from './site.ts';

/** What a thread has to know. */
export interface CrewSetup {
  readonly site: Site;
  readonly contentDir: string;
}

/** The heavy work of a rebuild: reading files, rendering texts, setting entries. */
export function createCrewWork({ site, contentDir }: CrewSetup) {
  return { ...createArticleWork(site, contentDir), ...createEntryWork(site) };
}
