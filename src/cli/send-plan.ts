import type { App } from '../app.ts';
import { createVariantFor } from '../delivery/index.ts';
import { assembleVariant, type Newsletter } from '../digest/index.ts';
import type { PlannedEdition } from '../schedule/index.ts';
import { count } from './articles-report.ts';

/** What would go out to whom, in lines for a person. */
export function describePlan(
  app: App,
  newsletter: Newsletter,
  content: PlannedEdition,
): { lines: string[]; readers: number } {
  const variantFor = createVariantFor({ site: app.config.site, ...content });
  const byLanguage = new Map<string, number>();
  let nothing = 0;
  for (const { choice, had, readers } of content.groups) {
    const variant = variantFor(choice, had);
    if (variant === null) nothing += readers;
    else byLanguage.set(variant.lang, (byLanguage.get(variant.lang) ?? 0) + readers);
  }
  const keys = content.stories.map((story) => story.key);
  const lines = [`${newsletter.name}: ${count(keys.length, 'article')}, by ${app.transport.name}`];
  for (const story of content.stories) lines.push(`  ${story.original.date.slice(0, 10)}  ${story.original.title}`);
  let readers = 0;
  for (const pieces of content.pieces) {
    const here = byLanguage.get(pieces.lang) ?? 0;
    readers += here;
    if (here === 0) continue;
    const { subject, sizeWarning } = assembleVariant(pieces, keys);
    lines.push(`${pieces.lang}: ${count(here, 'reader')}, "${subject}"`);
    if (sizeWarning !== null) lines.push(`${pieces.lang}: ${sizeWarning}`);
  }
  if (nothing > 0) lines.push(`Nothing in it for ${count(nothing, 'reader')}: not their choice, or they had it.`);
  if (content.groups.length === 0) lines.push('It has no readers yet.');
  return { lines, readers };
}
