import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../app.ts';
import type { Config } from '../config/index.ts';
import type { ContentProblem } from '../content/index.ts';
import { type Finding, type Newsletter, storiesForChoice } from '../digest/index.ts';
import type { PreflightReport } from '../schedule/index.ts';

/** What a newsletter's next edition would be. */
export interface CheckedNewsletter {
  readonly newsletter: string;
  readonly dueAt: string;
  /** Whether it is of what is new; otherwise the newest articles were taken, so that the templates are tried. */
  readonly isNews: boolean;
  /** Null where there is no article at all. */
  readonly report: PreflightReport | null;
}

export interface EditionsCheck {
  readonly newsletters: readonly CheckedNewsletter[];
  readonly problems: readonly ContentProblem[];
}

/**
 * Composes the next edition of each newsletter in each language and looks for what should be mended first: of what is
 * new or, where nothing is, of the newest articles however old they are. Readers and earlier editions are those of the
 * database, where there is one; nothing is written into it.
 */
export async function checkEditions(
  config: Config,
  onLanguage: (newsletter: string, lang: string) => void,
): Promise<EditionsCheck> {
  const data = await mkdtemp(join(tmpdir(), 'silkpost-check-'));
  try {
    const live = existsSync(config.paths.database) ? config.paths.database : null;
    const database = join(data, 'silkpost.db');
    const paths = { ...config.paths, data, database, outbox: join(data, 'outbox'), public: join(data, 'public') };
    const app = await openApp({ ...config, paths }, live === null ? {} : { lookingInto: live });
    try {
      await app.catalog.refresh();
      const newsletters: CheckedNewsletter[] = [];
      for (const newsletter of config.newsletters) {
        newsletters.push(
          await checkNewsletter(app, newsletter, live !== null, (lang) => onLanguage(newsletter.name, lang)),
        );
      }
      return { newsletters, problems: withoutRepeats(newsletters.flatMap(problemsOf)) };
    } finally {
      await app.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function checkNewsletter(
  app: App,
  newsletter: Newsletter,
  hasReaders: boolean,
  onLanguage: (lang: string) => void,
): Promise<CheckedNewsletter> {
  const next = await app.desk.nextBrief(newsletter, 'each');
  const wishes = { withoutReaders: !hasReaders, onLanguage };
  const news = await app.desk.preflight.look(next, wishes);
  const about = { newsletter: newsletter.name, dueAt: next.dueAt, isNews: news !== null };
  const newest = storiesForChoice(app.catalog.published().stories, newsletter.select).slice(0, newsletter.select.limit);
  if (news !== null || newest.length === 0) return { ...about, report: news };
  const selection = { since: null, slugs: newest.map(({ original }) => original.slug), again: true };
  return { ...about, report: await app.desk.preflight.look({ ...next, selection }, wishes) };
}

/** What a newsletter's next edition would hold and who would get it, in lines for a person. */
export function describeNewsletter({ newsletter, dueAt, isNews, report }: CheckedNewsletter): string[] {
  if (report === null) return [`${newsletter}: there is nothing to send yet`];
  const { stories, languages, readers, withNothing } = report;
  const to = readers === null ? '' : `, to ${readers === 1 ? '1 reader' : `${readers} readers`}`;
  const news = isNews ? '' : ' (nothing is new: the newest articles were taken)';
  const lines = [
    `${newsletter}: next at ${dueAt}, ${stories.length === 1 ? '1 story' : `${stories.length} stories`}${to}${news}`,
  ];
  for (const { date, title } of stories) lines.push(`  ${date.slice(0, 10)}  ${title}`);
  for (const language of languages) {
    if (language.readers === 0 || language.subject === null) continue;
    lines.push(
      `  ${language.lang}${language.readers === null ? '' : ` to ${language.readers}`}: “${language.subject}”`,
    );
  }
  if (withNothing > 0) lines.push(`  nothing in it for ${withNothing}: not their choice, or they had it`);
  return lines;
}

function problemsOf({ newsletter, report }: CheckedNewsletter): ContentProblem[] {
  // Problems of articles are told of all articles.
  const findings = (report?.findings ?? []).filter(({ code }) => code !== 'article-problem');
  return findings.map((finding) => problemOf(finding, newsletter));
}

/** As editors' problems are printed; what is in no file is the newsletter's own. */
function problemOf({ code, severity, where, sentence, whatToDo }: Finding, newsletter: string): ContentProblem {
  return {
    file: where.file ?? 'silkpost.yaml',
    line: where.line,
    column: where.line === null ? null : 1,
    field: where.file === null ? `newsletters.${newsletter}` : null,
    code,
    message: `${sentence} ${whatToDo}`,
    blocking: severity === 'blocking',
  };
}

/** Newsletters share templates and articles. */
function withoutRepeats(problems: readonly ContentProblem[]): ContentProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
