import type { ParsedYaml, TextPosition } from '../../yaml.ts';
import type { ContentFile, ContentFolder } from '../catalog/content-files.ts';
import { withoutComments } from '../foreign/foreign-markup.ts';
import { resolveBody } from '../markdown/body-addresses.ts';
import { readAudio } from '../media/article-audio.ts';
import { readPicture } from '../media/article-pictures.ts';
import { type ArticleReader, mediaContextOf, openArticle, parseBody, urlOf } from '../open-article.ts';
import type { ContentProblem } from '../problem.ts';
import { checkDates, type WrittenDates } from './check-dates.ts';
import { checkPictures, type PictureFolder } from './check-pictures.ts';
import { checkText } from './check-text.ts';
import type { CheckedArticle } from './checked-article.ts';

export interface CheckReader extends ArticleReader {
  readonly now: string;
  readonly folder: ContentFolder;
  /** Pictures that were looked at before. */
  readonly seenPictures: Set<string>;
}

export interface CheckedFile {
  /** Null where a problem is blocking. */
  readonly article: CheckedArticle | null;
  readonly problems: readonly ContentProblem[];
}

/** Reads one file as a build would, says what a build would say, and what is off beyond that. Never throws for it. */
export async function readCheckedArticle(reader: CheckReader, file: ContentFile): Promise<CheckedFile> {
  const { site, now } = reader;
  const { text, fields, problems, note } = openArticle(reader, file.path);
  if (text === null) return { article: null, problems };
  const parsed = parseBody(reader.markdown, text, fields?.lang ?? 'en', note);
  if (fields === null || parsed === null) return { article: null, problems };

  const { front, bodyLine } = text;
  const outline = parsed.outline();
  const context = mediaContextOf(reader, file.path, fields, text, note);
  await readPicture(context);
  await readAudio(context);
  const url = urlOf(site, fields);
  await resolveBody(parsed, {
    ...context,
    url,
    warnAt: (line, code, message) => note({ code, message, line: bodyLine + line - 1, column: 1, blocking: false }),
    // Links between articles are checked once all of them are known.
    articleAt: () => ({ url }),
  });
  const dates = writtenDates(front);
  const article: CheckedArticle = {
    path: file.path,
    fields,
    positions: positionsIn(front, dates),
    anchors: outline.anchors,
    links: outline.links.map(({ address, line }) => ({ address, line: bodyLine + line - 1 })),
  };
  const pictureFolder: PictureFolder = {
    others: reader.folder.others,
    sizeOf: async (path) => (await context.media.measurePicture(path))?.size ?? null,
    seen: reader.seenPictures,
  };
  const pictures = [
    ...(fields.image ? [{ address: fields.image.src, place: 'image.src' }] : []),
    ...outline.pictures.map(({ address, line }) => ({ address, place: bodyLine + line - 1 })),
  ];
  problems.push(
    ...checkDates({ ...article, dates }, site.timezone, now),
    ...checkText({ ...article, outline, body: withoutComments(text.body), bodyLine }),
    ...(await checkPictures(article, pictures, pictureFolder)),
  );
  return { article, problems };
}

/** What the front matter's own values were, before the later of two dates was taken. */
function writtenDates({ value }: ParsedYaml): WrittenDates {
  const corrections: unknown = fieldOf(value, 'corrections') ?? [];
  const updated = fieldOf(value, 'updated');
  return {
    updated: typeof updated === 'string' ? updated : null,
    corrections: (Array.isArray(corrections) ? corrections : [corrections]).map((one) => String(fieldOf(one, 'date'))),
  };
}

function fieldOf(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
}

const fields = ['id', 'slug', 'title', 'summary', 'date', 'updated', 'translationOf', 'translation'];

function positionsIn(yaml: ParsedYaml, dates: WrittenDates): Map<string, TextPosition> {
  const positions = new Map<string, TextPosition>();
  const keep = (name: string, ...paths: readonly (readonly (string | number)[])[]): void => {
    const position = paths.map((path) => yaml.positionOf(path)).find((found) => found !== null);
    if (position) positions.set(name, position);
  };
  for (const name of fields) keep(name, [name]);
  keep('image.src', ['image', 'src'], ['image']);
  const aliases = fieldOf(yaml.value, 'aliases');
  for (const index of Array.isArray(aliases) ? aliases.keys() : [0]) {
    keep(`aliases.${index}`, ['aliases', index], ['aliases']);
  }
  for (const index of dates.corrections.keys()) {
    keep(`corrections.${index}.date`, ['corrections', index, 'date'], ['corrections', 'date'], ['corrections', index]);
  }
  return positions;
}
