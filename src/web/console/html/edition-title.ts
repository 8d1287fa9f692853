import type { Edition, Newsletter } from '../../../digest/index.ts';
import { dateFormat } from '../../../i18n/index.ts';
import type { Site } from '../../../site.ts';
import { plainTitle } from './plain-title.ts';

/** `The week, Friday 27 November 2026`: by the newsletter's title and its own calendar. */
export function editionTitle(
  site: Site,
  newsletters: readonly Newsletter[],
  { newsletter: name, dueAt, rhythm }: Pick<Edition, 'newsletter' | 'dueAt' | 'rhythm'>,
): string {
  const newsletter = newsletters.find((known) => known.name === name);
  const title = newsletter ? plainTitle(site, newsletter.title) : name;
  const day = dateFormat('en-GB', { dateStyle: 'full', timeZone: newsletter?.timezone ?? site.timezone });
  return `${title}${rhythm === 'each' ? '' : ` (${rhythm})`}, ${day.format(Date.parse(dueAt)).replace(',', '')}`;
}
