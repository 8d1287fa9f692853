import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Context,
  type Emitter,
  evalToken,
  Liquid,
  LiquidError,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
  type ValueToken,
} from 'liquidjs';
import { AppError, sentenceOf } from '../errors.ts';
import { cutMark, mailOnly, updateOnly } from './marks.ts';

/** A publication's templates as read: text by file name. */
export type TemplateFiles = Readonly<Record<string, string>>;

/** A function that templates may call as a filter. Arguments without a name come first, then one record of the rest. */
export type TemplateFilter = (value: unknown, options: Readonly<Record<string, unknown>>) => string;

export interface TemplateRun {
  readonly files: TemplateFiles;
  /** File name, one of `files`. */
  readonly name: string;
  readonly context: object;
  readonly filters: Readonly<Record<string, TemplateFilter>>;
  /** Whether every output is escaped for HTML, attributes included (unless the template says `raw`). */
  readonly escape: boolean;
}

/**
 * Reads every `*.liquid` of a folder. Templates include each other from what was read here, so no include reaches
 * the file system.
 *
 * @throws AppError `not_found` where the folder can't be read.
 */
export async function readTemplates(folder: string): Promise<TemplateFiles> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.liquid'));
    const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
    return Object.fromEntries(await Promise.all(texts));
  } catch (cause) {
    throw new AppError('not_found', `The templates in ${folder} can't be read: ${sentenceOf(cause)}.`, { cause });
  }
}

/**
 * Fills a template. Only own properties of the context are reachable; an unknown name is an error.
 *
 * @throws AppError `invalid` naming the template and the line.
 */
export async function renderTemplate(run: TemplateRun): Promise<string> {
  if (!Object.hasOwn(run.files, run.name)) {
    throw new AppError('not_found', `The template ${run.name} doesn't exist.`);
  }
  const engine = new Liquid({
    templates: { ...run.files },
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: run.escape ? 'escape' : (value: unknown) => String(value ?? ''),
    // Milliseconds: a digest takes about 20. An endless loop ends here.
    renderLimit: 3_000,
    memoryLimit: 200_000_000,
  });
  engine.registerTag('cut', CutTag);
  engine.registerTag('mail_only', partTag('mail_only', mailOnly));
  engine.registerTag('update_only', partTag('update_only', updateOnly));
  for (const [name, filter] of Object.entries(run.filters)) {
    engine.registerFilter(name, (value: unknown, ...args: unknown[]) => filter(value, namedArguments(args)));
  }
  try {
    return String(await engine.renderFile(run.name, run.context));
  } catch (cause) {
    throw new AppError('invalid', describe(cause, run.name), { cause });
  }
}

// liquidjs hands `name: value` arguments over as pairs.
function namedArguments(args: readonly unknown[]): Record<string, unknown> {
  const pairs = args.filter((arg) => Array.isArray(arg)).map(([name, value]) => [String(name), value]);
  return Object.fromEntries(pairs);
}

function describe(cause: unknown, name: string): string {
  if (!(cause instanceof LiquidError)) return `${name}: ${sentenceOf(cause)}`;
  const [line] = cause.token.getPosition();
  const what = (cause.originalError ?? cause).message.replace(/, file:.*$/s, '');
  return `${cause.token.file ?? name}, line ${line}: ${what}.`;
}

/** `{% cut "item" story.key %}`: here begins a piece. */
class CutTag extends Tag {
  readonly #name: ValueToken | undefined;
  readonly #key: ValueToken | undefined;

  constructor(token: TagToken, remaining: TopLevelToken[], engine: Liquid) {
    super(token, remaining, engine);
    this.#name = token.tokenizer.readValue();
    this.#key = token.tokenizer.readValue();
    if (!this.#name) throw new Error('cut needs the name of a piece');
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const name = yield evalToken(this.#name, context);
    const key = this.#key ? yield evalToken(this.#key, context) : '';
    emitter.write(cutMark(String(name), String(key)));
  }
}

/**
 * `{% mail_only %}…{% endmail_only %}`: what the web version leaves out. `{% update_only %}…{% endupdate_only %}`: what is
 * said of a story that the reader had before.
 */
function partTag(name: string, marks: { readonly open: string; readonly close: string }) {
  return class PartTag extends Tag {
    readonly #templates: Template[] = [];

    constructor(token: TagToken, remaining: TopLevelToken[], engine: Liquid) {
      super(token, remaining, engine);
      const stream = engine.parser.parseStream(remaining);
      stream
        .on(`tag:end${name}`, () => stream.stop())
        .on('template', (template: Template) => this.#templates.push(template))
        .on('end', () => {
          throw new Error(`${name} is not closed`);
        })
        .start();
    }

    override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
      emitter.write(marks.open);
      yield this.liquid.renderer.renderTemplates(this.#templates, context, emitter);
      emitter.write(marks.close);
    }
  };
}
