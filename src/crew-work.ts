import { createArticleWork } from './content/index.ts';
import { createEntryWork } from './feeds/index.ts';
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
