import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app.ts';
import type { Config } from '../config/index.ts';
import type { ContentProblem } from '../content/index.ts';
import { AppError } from '../errors.ts';

/**
 * Renders an edition of each newsletter in each language, of the newest articles however old they are, and says what
 * keeps a template from rendering. The database that this takes is a temporary one.
 */
export async function checkEditions(
  config: Config,
  onLanguage: (newsletter: string, lang: string) => void,
): Promise<ContentProblem[]> {
  const data = await mkdtemp(join(tmpdir(), 'silkpost-check-'));
  try {
    const database = join(data, 'silkpost.db');
    const paths = { ...config.paths, data, database, outbox: join(data, 'outbox'), public: join(data, 'public') };
    const app = await openApp({ ...config, paths });
    try {
      await app.catalog.refresh();
      const problems: ContentProblem[] = [];
      for (const newsletter of config.newsletters) {
        try {
          await app.desk.compose(
            {
              newsletter,
              dueAt: app.nextDue(newsletter),
              trigger: 'manual',
              selection: { since: '1970-01-01T00:00:00.000Z', slugs: null },
            },
            { onLanguage: (lang) => onLanguage(newsletter.name, lang) },
          );
        } catch (error) {
          if (!(error instanceof AppError) || error.code === 'internal') throw error;
          problems.push(templateProblem(error.message, newsletter.template));
        }
      }
      return withoutRepeats(problems);
    } finally {
      await app.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** Rendering takes place in another thread, so that only its sentence comes back: `digest.mjml.liquid, line 12: …`. */
function templateProblem(sentence: string, template: string): ContentProblem {
  const [, file = null, line, rest = sentence] =
    /^([^\s/:,]+\.(?:liquid|json))(?:, line (\d+))?: (.*)$/s.exec(sentence) ?? [];
  return {
    file: `templates/${file ?? `${template}.mjml.liquid`}`,
    line: line === undefined ? null : Number(line),
    column: null,
    field: null,
    code: 'template-fault',
    message: rest,
    blocking: true,
  };
}

/** Newsletters share templates. */
function withoutRepeats(problems: readonly ContentProblem[]): ContentProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
