import { fileURLToPath } from 'node:url';
import { ownFile } from '../own-files.ts';
import type { Site } from '../site.ts';
import { cleanContent, type FrameContext, frameContext } from './frame-context.ts';
import { mailFilters } from './mail-filters.ts';
import { slotMark } from './marks.ts';
import { compileMjml } from './mjml.ts';
import type { Piece } from './pieces.ts';
import { readTheme } from './theme.ts';

export interface LetterInput {
  readonly site: Site;
  /** Folder with `TEMPLATE.mjml.liquid`, `TEMPLATE.txt.liquid` and `theme.json`. A template that it lacks is taken from ours. */
  readonly templatesDir: string;
  /** `confirm`, `welcome` … */
  readonly template: string;
  readonly lang: string;
  /** What the templates find under `content`: plain JSON, the same for every reader who shares this rendering. */
  readonly content: object;
}

/** Everything that a letter's templates may say: docs/templates.md lists it for those who write them. */
interface LetterContext extends FrameContext {
  readonly content: object;
  /** Places that are filled for each reader. */
  readonly reader: {
    readonly action_url: string;
    readonly preferences_url: string;
    readonly unsubscribe_url: string;
    readonly newsletters: string;
    readonly until: string;
  };
}

/**
 * Renders a letter to a single reader in one language, still with its slots: whoever gets the same words shares it.
 *
 * @throws AppError `invalid` naming template and line, `not_found` where a template or the folder is missing.
 */
export async function renderLetter({ site, templatesDir, template, lang, content }: LetterInput): Promise<Piece> {
  const { readTemplates, renderTemplate } = await import('./liquid.ts');
  const ours = await readTemplates(fileURLToPath(ownFile('../templates/')));
  const [files, theme] = await Promise.all([readTemplates(templatesDir), readTheme(templatesDir)]);
  const context: LetterContext = {
    ...frameContext(site, lang, theme),
    content: cleanContent(content),
    reader: {
      action_url: slotMark('actionUrl'),
      preferences_url: slotMark('preferencesUrl'),
      unsubscribe_url: slotMark('unsubscribeUrl'),
      newsletters: slotMark('newsletters'),
      until: slotMark('until'),
    },
  };
  const run = { files: { ...ours, ...files }, context, filters: mailFilters(context, site.timezone) };
  const mjml = await renderTemplate({ ...run, name: `${template}.mjml.liquid`, escape: true });
  const text = await renderTemplate({ ...run, name: `${template}.txt.liquid`, escape: false });
  return {
    html: await compileMjml(mjml, context.dir, `${template}.mjml.liquid`),
    text: `${text.replace(/\n{3,}/g, '\n\n').trim()}\n`,
  };
}
