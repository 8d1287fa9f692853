import { type Instant, plusMs } from '../clock.ts';
import type { ClosedDomain } from '../delivery/index.ts';
import type { Notice, NoticeEvent } from '../operators/index.ts';

const hourMs = 3_600_000;
/** Domains that are closed one after the other are told of together. */
const betweenNoticesMs = hourMs;
/** A domain that stays closed is told of again after that. */
const quietDomainMs = 6 * hourMs;
/** So many are told with their words. */
const mostTold = 10;
const longestWords = 200;

/**
 * One notice of all domains that are closed, where one is among them that operators haven't been told of lately; null otherwise,
 * and where the last such notice is younger than an hour.
 *
 * @param told The `closed` notices of the last six hours at least.
 */
export function findClosures(
  closed: readonly ClosedDomain[],
  told: readonly Pick<Notice, 'about' | 'at'>[],
  now: Instant,
): NoticeEvent | null {
  if (told.some(({ at }) => at > plusMs(now, -betweenNoticesMs))) return null;
  const known = new Set(
    told.filter(({ at }) => at > plusMs(now, -quietDomainMs)).flatMap(({ about }) => about.split(' ')),
  );
  if (closed.every(({ domain }) => known.has(domain))) return null;
  const [first, ...others] = closed;
  if (first === undefined) return null;
  const who = others.length === 0 ? `${first.domain} refuses` : `${closed.length} domains refuse`;
  const list = closed.slice(0, mostTold).map(describe);
  if (closed.length > mostTold) list.push(`and ${closed.length - mostTold} more`);
  return {
    kind: 'closed',
    editionId: null,
    about: closed.map(({ domain }) => domain).join(' '),
    sentence: `${who} mail because of the sender, and no mail goes there for now: ${list.join('; ')}.`,
    whatToDo: 'Mend what they name; silkpost doctor looks at what receivers ask for.',
  };
}

function describe({ domain, until, said }: ClosedDomain): string {
  const words = (said ?? '').replace(/\s+/g, ' ').trim();
  const shown = words.length > longestWords ? `${words.slice(0, longestWords)}…` : words;
  return shown === '' ? `${domain} until ${until}` : `${domain} until ${until}, “${shown}”`;
}
