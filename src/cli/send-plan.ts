import type { App } from '../app.ts';
import { countReaders, whyExcluded } from '../delivery/index.ts';
import { type Newsletter, wholeLetter } from '../digest/index.ts';
import type { PlannedEdition } from '../schedule/index.ts';
import { describeArrangement, titleIn } from './arrangement-report.ts';
import { count } from './articles-report.ts';

/** What would go out to whom, in lines for a person. */
export function describePlan(
  app: App,
  newsletter: Newsletter,
  content: PlannedEdition,
): { lines: string[]; readers: number } {
  const { readers, byLanguage, excluded } = countReaders({ site: app.config.site, ...content });
  const lines = [`${newsletter.name}: ${count(content.stories.length, 'article')}, by ${app.transport.name}`];
  for (const line of describeArrangement(content.arrangement, titleIn(app))) lines.push(`  as arranged: ${line}`);
  for (const story of content.stories) lines.push(`  ${story.original.date.slice(0, 10)}  ${story.original.title}`);
  for (const pieces of content.pieces) {
    const here = byLanguage.get(pieces.lang) ?? 0;
    if (here === 0) continue;
    const { subject, sizeWarning } = wholeLetter(pieces, content);
    lines.push(`${pieces.lang}: ${count(here, 'reader')}, "${subject}"`);
    if (sizeWarning !== null) lines.push(`${pieces.lang}: ${sizeWarning}`);
  }
  for (const [reason, here] of excluded) lines.push(`${count(here, 'reader')} left out: ${whyExcluded(reason)}.`);
  return { lines, readers };
}
