import type { Instant } from '../clock.ts';
import type { Edition, Finding, StorySelection } from '../digest/index.ts';
import type { NoticeEvent } from '../operators/index.ts';
import { absoluteUrl, type Site } from '../site.ts';
import type { CountedReaders, EditionReaders } from './edition-readers.ts';

export interface DraftNoticeOptions {
  readonly site: Site;
  listDrafts(): Promise<readonly Edition[]>;
  /** Ids of those that operators were told of, among those made since then. */
  listTold(since: Instant): Promise<ReadonlySet<string>>;
  select(edition: Edition): Promise<StorySelection>;
  readonly readers: Pick<EditionReaders, 'count'>;
  /** What deserves a look in it; empty where nothing is new. Renders it. */
  listFindings(edition: Edition): Promise<readonly Finding[]>;
  /** Whether it goes out only once somebody has approved it. */
  takesApproval(edition: Edition): boolean;
}

/** What operators are told of drafts that they haven't heard of yet: their readers are counted once for it. */
export async function findNewDrafts(options: DraftNoticeOptions): Promise<NoticeEvent[]> {
  const drafts = await options.listDrafts();
  const [oldest] = drafts.map(({ createdAt }) => createdAt).toSorted();
  if (oldest === undefined) return [];
  const told = await options.listTold(oldest);
  const events: NoticeEvent[] = [];
  for (const draft of drafts) {
    if (told.has(draft.id)) continue;
    const selection = await options.select(draft);
    const stories = selection.chosen.map(({ story }) => story);
    const event = draftEvent(options.site, draft, selection, await options.readers.count(draft, stories));
    const more = [findingsText(await options.listFindings(draft)), options.takesApproval(draft) ? approvalText : ''];
    events.push({ ...event, sentence: [event.sentence, ...more].filter((text) => text !== '').join(' ') });
  }
  return events;
}

export function draftEvent(
  site: Site,
  { id, dueAt }: Edition,
  { chosen }: StorySelection,
  { readers }: Pick<CountedReaders, 'readers'>,
): NoticeEvent {
  const [first] = chosen;
  const holds =
    first === undefined
      ? 'nothing is new for it yet'
      : `${chosen.length === 1 ? 'one story' : `${chosen.length} stories`}, first “${first.story.original.title}”, to ${readers === 1 ? 'one reader' : `${readers} readers`}`;
  return {
    kind: 'draft',
    editionId: id,
    sentence: `${id} is a draft that goes out at ${dueAt}: ${holds}.`,
    whatToDo: `Look at it, change it or skip it until then: ${absoluteUrl(site, `/console/editions/${encodeURIComponent(id)}`)}`,
  };
}

const approvalText = 'It is held at its time unless somebody approves it.';

function findingsText(findings: readonly Finding[]): string {
  const blocking = findings.filter(({ severity }) => severity === 'blocking');
  const [first] = blocking;
  if (first === undefined) return '';
  const others = blocking.length - 1;
  return `To mend first: ${first.sentence}${others === 0 ? '' : ` And ${others === 1 ? 'one thing' : `${others} things`} more.`}`;
}
