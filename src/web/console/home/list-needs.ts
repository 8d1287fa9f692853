import type { ContentProblem } from '../../../content/index.ts';
import type { Examination } from '../../../operators/index.ts';
import type { ConsoleHome } from './console-home.ts';
import { type Need, needOf } from './need.ts';

/** So many articles are named. */
const mostNamed = 3;

/** All that waits for a person: what keeps mail from readers first. */
export async function listNeeds({ listNeeds: listEvents, problems, doctor }: ConsoleHome): Promise<Need[]> {
  const [events, examination] = [await listEvents(), await doctor.findLast()];
  const needs = [...events.map(needOf), ...problemNeeds(problems()), ...findingNeeds(examination)];
  return needs.toSorted((a, b) => Number(a.level === 'wait') - Number(b.level === 'wait'));
}

function problemNeeds(problems: readonly ContentProblem[]): Need[] {
  if (problems.length === 0) return [];
  const files = Map.groupBy(problems, ({ file }) => file);
  const leftOut = new Set(problems.filter(({ blocking }) => blocking).map(({ file }) => file)).size;
  const named = [...files].slice(0, mostNamed).map(([file, [first]]) => {
    const place = first?.line === null ? file : `${file}, line ${first?.line}`;
    return `${place}: ${first?.message}`;
  });
  const count = files.size === 1 ? 'One article has' : `${files.size} articles have`;
  const out =
    leftOut === 0
      ? ''
      : leftOut === 1
        ? ' One is left out until that is mended.'
        : ` ${leftOut} are left out until that is mended.`;
  return [
    {
      level: leftOut > 0 ? 'bad' : 'wait',
      sentence: `${count} problems.${out}`,
      advice: `${named.join(' ')}${files.size > mostNamed ? ` And ${files.size - mostNamed} more.` : ''}`,
      place: { path: '/articles?problems=1', name: 'See the articles', right: 'articles:view' },
    },
  ];
}

function findingNeeds(examination: Examination | null): Need[] {
  return (examination?.findings ?? [])
    .filter(({ level }) => level === 'fault' || level === 'warning')
    .map(({ level, message, fix }) => ({
      level: level === 'fault' ? 'bad' : 'wait',
      sentence: message,
      advice: fix,
      place: null,
    }));
}
