import { type CutPieces, cutPieces } from './cut-pieces.ts';
import { type DigestContext, type DigestInput, digestContext, tellingsOf } from './digest-context.ts';
import { mailFilters } from './mail-filters.ts';
import { compileMjml } from './mjml.ts';
import type { EditionPieces, StoryPieces } from './pieces.ts';
import type { StoryContext } from './story-context.ts';
import { readTheme } from './theme.ts';

export interface RenderInput extends DigestInput {
  /** Folder with `NAME.mjml.liquid`, `NAME.txt.liquid` and `theme.json`. */
  readonly templatesDir: string;
}

/**
 * Renders an edition in one language, once, and cuts it into pieces. CPU-heavy (about 100 ms, and mjml's 200 MB).
 *
 * @throws AppError `invalid` naming template and line, `not_found` where a template or the folder is missing.
 */
export async function renderPieces(input: RenderInput): Promise<EditionPieces> {
  const { newsletter, templatesDir } = input;
  // Here, so that whoever only knows of editions doesn't load it.
  const { readTemplates, renderTemplate } = await import('./liquid.ts');
  const [files, theme] = await Promise.all([readTemplates(templatesDir), readTheme(templatesDir)]);
  const context = digestContext(input, theme);
  const filters = mailFilters(context, newsletter.timezone);
  const name = newsletter.template;
  const mjml = await renderTemplate({ files, name: `${name}.mjml.liquid`, context, filters, escape: true });
  const text = await renderTemplate({ files, name: `${name}.txt.liquid`, context, filters, escape: false });
  const html = await compileMjml(mjml, context.dir, `${name}.mjml.liquid`);
  return gatherPieces(input, context, cutPieces(html, text, name));
}

function gatherPieces(input: RenderInput, context: DigestContext, pieces: CutPieces): EditionPieces {
  const tellings = tellingsOf(input);
  const told = context.stories.map((story, index) =>
    gatherStory(input, tellings[index]?.story.key ?? story.key, story, pieces),
  );
  return {
    lang: input.lang,
    top: pieces.get('top'),
    stories: told.slice(0, input.stories.length),
    besides: told.slice(input.stories.length),
    groups: context.groups.map(({ key }) => ({
      key,
      open: pieces.get('group.open', key),
      separator: pieces.get('group.separator', key),
      close: pieces.get('group.close', key),
    })),
    record: { open: pieces.get('record.open'), sources: pieces.get('sources'), close: pieces.get('record.close') },
    bottom: pieces.get('bottom'),
  };
}

function gatherStory(input: RenderInput, storyKey: string, context: StoryContext, pieces: CutPieces): StoryPieces {
  const { key, lang, title, summary, sources } = context;
  const shown = input.newsletter.text === 'full' ? `${title} ${context.text}` : `${title} ${summary}`;
  return {
    storyKey,
    lang,
    groupKey: context.group,
    title,
    summary,
    words: shown.split(/\s+/).length,
    sources,
    lead: pieces.get('lead', key),
    picture: pieces.get('picture', key),
    item: pieces.get('item', key),
    corrections: pieces.get('corrections', key),
  };
}
