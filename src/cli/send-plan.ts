import type { App } from '../app.ts';
import { assembleVariant, type ComposedEdition, type Newsletter, storiesForChoice } from '../digest/index.ts';
import { count } from './articles-report.ts';

/** What would go out to whom, in lines for a person. */
export async function describePlan(
  app: App,
  newsletter: Newsletter,
  content: ComposedEdition,
): Promise<{ lines: string[]; readers: number }> {
  const choices = await app.ledger.listChoices(newsletter.name, app.clock.now());
  const byLanguage = new Map<string, number>();
  let nothing = 0;
  for (const { choice, readers } of choices) {
    if (storiesForChoice(content.stories, choice).length === 0) nothing += readers;
    else {
      const [lang = ''] = choice.languages;
      byLanguage.set(lang, (byLanguage.get(lang) ?? 0) + readers);
    }
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
  if (nothing > 0) lines.push(`Nothing in it for ${count(nothing, 'reader')} because of their choices.`);
  if (choices.length === 0) lines.push('It has no readers yet.');
  return { lines, readers };
}
