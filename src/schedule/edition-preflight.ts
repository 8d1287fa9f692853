import { stat } from 'node:fs/promises';
import type { Clock, Instant } from '../clock.ts';
import { type ContentProblem, type LiveCatalog, type PublishedCatalog, readArticleLines } from '../content/index.ts';
import { planMails, type ReaderGroup, type StandingExclusion } from '../delivery/index.ts';
import {
  alive,
  articlesOf,
  type CheckedAudience,
  type CheckedEdition,
  createOwnLinks,
  type EditionStore,
  type Finding,
  findingForFault,
  isOwnAddress,
  type LinkVerdict,
  listAddresses,
  lookAtForeignLinks,
  preflight,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { OutboundClient } from '../outbound-client.ts';
import type { Site } from '../site.ts';
import type { DeskTransport } from './desk-transport.ts';
import type { EditionBrief, EditionPlanner, PlannedEdition, PlanProgress } from './edition-plan.ts';
import type { SeriesBook } from './series-book.ts';

export interface PreflightOptions {
  readonly site: Site;
  readonly series: SeriesBook;
  readonly transport: DeskTransport;
  readonly planner: Pick<EditionPlanner, 'plan'>;
  readonly published: () => PublishedCatalog;
  readonly withBodies: LiveCatalog['withBodies'];
  /** What was found wrong with articles when they were read. */
  readonly problems: () => readonly ContentProblem[];
  readonly editions: Pick<EditionStore, 'listEditions' | 'getCounts' | 'findByKey'>;
  /** Absolute paths. */
  readonly folders: { readonly content: string; readonly templates: string; readonly public: string };
  readonly outbound: Pick<OutboundClient, 'look'>;
  readonly clock: Clock;
}

export interface PreflightWishes extends PlanProgress {
  /** Asks for addresses of other sites too, those left out that it holds; what was found is put in. Default: nobody is asked. */
  readonly foreign?: Map<string, LinkVerdict>;
  /** Whether nothing is known of readers, so that nothing is said of them; default: they are known. */
  readonly withoutReaders?: boolean;
}

/** What an edition would be, and what deserves a look before it goes out. */
export interface PreflightReport {
  readonly at: Instant;
  /** Blocking ones first. */
  readonly findings: readonly Finding[];
  /** Of each story the article in the first of the publication's languages that has it. */
  readonly stories: readonly { readonly title: string; readonly lang: string; readonly date: Instant }[];
  readonly languages: readonly PreflightLanguage[];
  /** Who get something; null where no readers are known. */
  readonly readers: number | null;
  /** Who get nothing, because nothing is for them. */
  readonly withNothing: number;
  /** Who get nothing, whatever is in it. */
  readonly excluded: readonly { readonly reason: StandingExclusion; readonly readers: number }[];
  /** Addresses of other sites, and whether they were asked for. */
  readonly foreignLinks: { readonly count: number; readonly wereAsked: boolean };
}

export interface PreflightLanguage {
  readonly lang: string;
  /** Of its mail with the most readers; null where it can't be put together. */
  readonly subject: string | null;
  /** Null where no readers are known. */
  readonly readers: number | null;
}

/** Looks for what should be mended before an edition goes out. */
export interface EditionPreflight {
  /** As it would go out now; null where nothing is new. Renders it, so it takes a second or two. */
  look(brief: EditionBrief, wishes?: PreflightWishes): Promise<PreflightReport | null>;
  /** As it was just composed. */
  examine(brief: EditionBrief, planned: PlannedEdition, wishes?: PreflightWishes): Promise<PreflightReport>;
}

export function createEditionPreflight(options: PreflightOptions): EditionPreflight {
  const { site, series, transport, editions, folders, clock } = options;

  /** Of the last one that went out to all its readers. */
  async function readersOfLast({ newsletter, rhythm, key }: EditionBrief): Promise<number | null> {
    const recent = await editions.listEditions({ newsletter, rhythm, states: ['sending', 'paused', 'sent'], limit: 5 });
    const last = recent.find((edition) => edition.key !== key);
    if (last === undefined) return null;
    const { candidates, excluded } = await editions.getCounts(last.id);
    return candidates - excluded;
  }

  async function linksOf(
    edition: Omit<CheckedEdition, 'links'>,
    brief: EditionBrief,
    foreign: Map<string, LinkVerdict> | null,
  ): Promise<{ readonly links: Map<string, LinkVerdict>; readonly foreignLinks: PreflightReport['foreignLinks'] }> {
    const urls = [...new Set(listAddresses(edition).map(({ url }) => url))];
    const look = createOwnLinks({
      site,
      published: options.published(),
      withBodies: options.withBodies,
      newsletters: series.newsletters.map(({ name }) => name),
      hasEdition: async (newsletter, key) =>
        (newsletter === brief.newsletter && key === brief.key) || (await editions.findByKey(newsletter, key)) !== null,
      folders,
      isFile,
    });
    const links = new Map<string, LinkVerdict>();
    for (const url of urls) if (isOwnAddress(url, site)) links.set(url, await look(url));
    const others = urls.filter((url) => !links.has(url));
    if (foreign !== null) {
      const unknown = others.filter((url) => !foreign.has(url));
      const asked = await lookAtForeignLinks(unknown, { client: options.outbound });
      for (const [url, verdict] of asked) foreign.set(url, verdict);
      for (const url of others) links.set(url, foreign.get(url) ?? alive);
    }
    return { links, foreignLinks: { count: others.length, wereAsked: foreign !== null } };
  }

  async function examine(
    brief: EditionBrief,
    planned: PlannedEdition,
    wishes: PreflightWishes = {},
  ): Promise<PreflightReport> {
    const newsletter = series.getNewsletter(brief.newsletter);
    const isKnown = !wishes.withoutReaders;
    const plan = await planMails(
      { site, ...planned },
      isKnown ? planned.groups.filter(({ excluded }) => excluded === null) : oneOfEachLanguage(site),
    );
    const stories = await withTexts(planned);
    const audience: CheckedAudience | null = isKnown
      ? { byLanguage: plan.byLanguage, last: await readersOfLast(brief) }
      : null;
    const lines = new Map(
      articlesOf({ stories }).map(({ path }) => [path, readArticleLines(folders.content, path)] as const),
    );
    const edition = {
      site,
      newsletter,
      local: transport.local,
      stories,
      pieces: planned.pieces,
      mails: plan.mails.map(({ lang, variant, fault, bytes, readers }) => ({
        lang,
        subject: variant?.subject ?? '',
        preheader: variant?.preheader ?? '',
        bytes,
        fault,
        readers: isKnown ? readers : null,
      })),
      audience,
      problems: options.problems(),
      lines,
    };
    const { links, foreignLinks } = await linksOf(edition, brief, wishes.foreign ?? null);
    const sum = (of: (language: { readers: number; withNothing: number }) => number): number =>
      [...plan.byLanguage.values()].reduce((all, language) => all + of(language), 0);
    return {
      at: clock.now(),
      findings: preflight({ ...edition, links }),
      stories: planned.stories.map(({ original: { title, lang, date } }) => ({ title, lang, date })),
      languages: [...plan.byLanguage].flatMap(([lang, { readers, withNothing }]) => {
        const [most] = plan.mails.filter((mail) => mail.lang === lang).toSorted((a, b) => b.readers - a.readers);
        if (most === undefined) return [];
        return [{ lang, subject: most.variant?.subject ?? null, readers: isKnown ? readers - withNothing : null }];
      }),
      readers: isKnown ? sum(({ readers, withNothing }) => readers - withNothing) : null,
      withNothing: isKnown ? sum(({ withNothing }) => withNothing) : 0,
      excluded: isKnown ? countExcluded(planned.groups) : [],
      foreignLinks,
    };
  }

  async function withTexts({ stories }: PlannedEdition): Promise<CheckedEdition['stories']> {
    const articles = stories.flatMap(({ byLanguage }) => [...byLanguage.values()]);
    const full = new Map((await options.withBodies(articles)).flatMap((text) => (text ? [[text.id, text]] : [])));
    return stories.flatMap(({ key, original, byLanguage }) => {
      const told = [...byLanguage].flatMap(([lang, { id }]) => {
        const text = full.get(id);
        return text ? [[lang, text] as const] : [];
      });
      const first = full.get(original.id);
      return first ? [{ key, original: first, byLanguage: new Map(told) }] : [];
    });
  }

  return {
    examine,
    async look(brief, wishes = {}) {
      let planned: PlannedEdition | null;
      try {
        planned = await options.planner.plan(brief, wishes);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'unavailable' || error.code === 'internal') throw error;
        return {
          at: clock.now(),
          findings: [findingForFault(error.message, series.getNewsletter(brief.newsletter).template)],
          stories: [],
          languages: [],
          readers: null,
          withNothing: 0,
          excluded: [],
          foreignLinks: { count: 0, wereAsked: false },
        };
      }
      return planned && examine(brief, planned, wishes);
    },
  };
}

/** In place of readers, where none are known: one for each language, who wants everything. */
function oneOfEachLanguage({ languages }: Site): readonly ReaderGroup[] {
  return languages.map((lang) => ({
    choice: { languages: [lang], countries: [], topics: [] },
    had: [],
    excluded: null,
    readers: 1,
  }));
}

function countExcluded(groups: readonly ReaderGroup[]): PreflightReport['excluded'] {
  const numbers = new Map<StandingExclusion, number>();
  for (const { excluded, readers } of groups) {
    if (excluded !== null) numbers.set(excluded, (numbers.get(excluded) ?? 0) + readers);
  }
  return [...numbers].map(([reason, readers]) => ({ reason, readers }));
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
