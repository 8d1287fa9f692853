import type { Config } from '../config/index.ts';
import { type Crew, createCrew } from '../crew.ts';
import { type CrewSetup, createCrewWork } from '../crew-work.ts';
import { ownModule } from '../own-files.ts';

export type PressCrew = Crew<ReturnType<typeof createCrewWork>>;

/**
 * Those who do the heavy work of a rebuild.
 *
 * @param serves Whether somebody is answered meanwhile, so that heavy work leaves this thread alone.
 * @param startsAtOnce Whether much of it is about to come.
 */
export function createPressCrew({ site, paths }: Config, serves: boolean, startsAtOnce: boolean): PressCrew {
  const setup: CrewSetup = { site, contentDir: paths.content, givesWay: serves };
  const entry = ownModule('crew-thread');
  return createCrew({ work: createCrewWork(setup), entry, setup, worksHere: !serves, startsAtOnce });
}
