import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { fillSlots, unarranged, wholeLetter } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import { describeArrangement, titleIn } from './arrangement-report.ts';
import { collect, type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { getNewsletter, parseRhythm, selectionOf } from './newsletter-options.ts';

interface PreviewOptions extends PlaceOptions {
  readonly lang: readonly string[];
  readonly articles?: string;
  readonly since?: string;
  readonly rhythm?: string;
}

/** `silkpost preview NEWSLETTER`: the next edition as files, nothing kept and nothing sent. */
export function addPreviewCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('preview'))
    .description('render the next edition to var/preview/NEWSLETTER.LANG.{html,txt,eml}')
    .argument('<newsletter>', 'its name in silkpost.yaml')
    .option('--lang <lang>', 'only this language; may be said several times', collect, [])
    .option('--articles <slugs>', 'exactly these articles, separated by commas')
    .option('--since <date>', 'everything from this date on that no earlier edition had')
    .option('--rhythm <rhythm>', 'for readers who get the best of each day, week or month: daily, weekly, monthly')
    .action((name: string, options: PreviewOptions) =>
      withApp(invocation, options, async (app) => {
        const { terminal } = invocation;
        const newsletter = getNewsletter(app, name);
        const rhythm = parseRhythm(options.rhythm ?? 'each');
        for (const lang of options.lang) {
          if (app.config.site.languages.includes(lang)) continue;
          throw new AppError('invalid', `${lang} is not among the languages ${app.config.site.languages.join(', ')}.`);
        }
        await app.catalog.refresh();
        const next = await app.desk.nextBrief(newsletter, rhythm);
        const selection = selectionOf(app, options);
        const isNamed = selection.slugs !== null || selection.since !== null;
        const brief = isNamed ? { ...next, selection, arrangement: unarranged } : next;
        const content = await app.desk.plan(brief, {
          onLanguage: (lang) => terminal.status(`rendering ${lang}`),
        });
        if (content === null) {
          terminal.say(`Nothing new for ${name}. Name articles with --articles or a date with --since.`);
          return;
        }
        for (const line of describeArrangement(brief.arrangement, titleIn(app))) terminal.say(line);
        await mkdir(app.config.paths.preview, { recursive: true });
        for (const pieces of content.pieces) {
          if (options.lang.length > 0 && !options.lang.includes(pieces.lang)) continue;
          const variant = wholeLetter(pieces, content);
          const personal = fillSlots(variant, {
            unsubscribeUrl: `${app.config.site.url}/unsubscribe/preview`,
            preferencesUrl: `${app.config.site.url}/preferences/preview`,
          });
          const base = join(app.config.paths.preview, `${name}.${pieces.lang}`);
          await writeFile(`${base}.html`, personal.html);
          await writeFile(`${base}.txt`, personal.text);
          await writeFile(`${base}.eml`, await app.postRoom.previewMessage(newsletter.name, variant));
          const kilobytes = (Buffer.byteLength(personal.html) / 1024).toFixed(0);
          terminal.out(`${base}.html`);
          terminal.say(`${pieces.lang}: ${variant.subject} (${content.stories.length} stories, ${kilobytes} KB)`);
          if (variant.sizeWarning !== null) terminal.say(`${pieces.lang}: ${variant.sizeWarning}`);
        }
      }),
    );
}
