import type { App } from '../app.ts';
import type { Arrangement } from '../digest/index.ts';

/** What a story is called now; its key where nobody may read it any more. */
export function titleIn(app: App): (storyKey: string) => string {
  return (key) => app.catalog.published().findById(key)?.title ?? key;
}

/** What operators changed of what an edition would hold by itself, a line each. */
export function describeArrangement(
  { leftOut, pinned, order, subjects, preheaders }: Arrangement,
  titleOf: (storyKey: string) => string,
): string[] {
  const texts = (name: string, byLanguage: Readonly<Record<string, string>>): string[] =>
    Object.entries(byLanguage).map(([lang, text]) => `${name} (${lang}): "${text}"`);
  return [
    ...leftOut.map(({ key, by }) => `left out by ${by}: ${titleOf(key)}`),
    ...pinned.map((key) => `pinned: ${titleOf(key)}`),
    ...(order.length > 0 ? [`order: ${order.map(titleOf).join(' · ')}`] : []),
    ...texts('subject', subjects),
    ...texts('preheader', preheaders),
  ];
}
