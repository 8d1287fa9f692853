import { z } from 'zod';
import { strictUrl } from '../../web-address.ts';
import { maxSlugLength, slugify, slugPattern } from '../file-name.ts';

/** The shape of an article's front matter as written, once its text is clean; dates are still text. */

const idPattern = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
const maxIdLength = 500;

/** Whether a text may be an article's id: an absolute IRI (RFC 3987 §2.2), which is then kept byte for byte. */
export function isArticleId(text: string): boolean {
  return text.length <= maxIdLength && idPattern.test(text);
}

const oneLine = (most: number) =>
  z
    .string({ error: 'must be text. Put it in quotes' })
    .transform((text) => text.replace(/[ \t\r\n\f\v]+/g, ' ').trim())
    .pipe(z.string().min(1, 'must not be empty').max(most, `must not be longer than ${most} characters`));

/** UTF-16 units. */
export const maxDateLength = 40;
export const maxKeyLength = 100;
export const maxItems = 200;

const date = z
  .string({ error: 'must be a date such as 2023-04-09 or 2023-04-09T18:30:00+04:00' })
  .max(maxDateLength, 'must be a date such as 2023-04-09 or 2023-04-09T18:30:00+04:00');

export const webUrl = z
  .string({ error: 'must be a web address' })
  .transform((text) => text.trim())
  .refine(isWebUrl, 'must be a web address that begins with https:// or http://')
  .transform((text) => strictUrl(new URL(text)));

const aliasPattern = /^\/(?!\/)[^\s?#\\]*(?:\?[^\s#\\]+)?$/;
const maxAliasLength = 500;

/** Whether a text may be an old path of an article, with a query where that tells it apart. */
export function isAlias(path: string): boolean {
  return path.length <= maxAliasLength && aliasPattern.test(path) && !climbs(path);
}

function climbs(path: string): boolean {
  return path.split('/').some((step) => step === '.' || step === '..');
}

export function isSlug(text: string): boolean {
  return text.length <= maxSlugLength && slugPattern.test(text);
}

const slug = z.string({ error: 'must be text. Put it in quotes' }).superRefine((text, context) => {
  if (isSlug(text)) return;
  const better = slugify(text);
  const hint = better === '' ? '' : `, such as ${better}`;
  context.addIssue({
    code: 'custom',
    message: `may hold only lower-case Latin letters, digits and single hyphens, at most ${maxSlugLength}${hint}`,
  });
});

const key = z.string({ error: 'must be a key of silkpost.yaml' }).max(maxKeyLength, 'must be a key of silkpost.yaml');

/** A file beside the article, a path on this site, or a web address. */
const fileReference = z
  .string({ error: 'must be a file name or a web address' })
  .transform((text) => text.trim())
  .pipe(z.string().min(1, 'must not be empty').max(2000, 'must not be longer than 2000 characters'));

/** `[a, b]`, or one alone. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(item).max(maxItems, `has more than ${maxItems} items`),
  );

/** `{ … }`, or a text alone that stands for one of its keys. */
const shortFor = <Shape extends z.ZodType>(name: string, shape: Shape) =>
  z.preprocess((value) => (typeof value === 'string' ? { [name]: value } : value), shape);

const durationFault = 'must be seconds, or a time such as 12:34';
const seconds = z
  .union(
    [
      z.number().min(0, durationFault).max(1_000_000, durationFault),
      z.string().regex(/^(?:\d{1,3}:)?[0-5]?\d:[0-5]\d$/),
    ],
    {
      error: durationFault,
    },
  )
  .transform((value) => (typeof value === 'number' ? value : clockSeconds(value)));

export const parts = {
  author: z.object({ name: oneLine(200), url: webUrl.optional(), email: emailAddress().optional() }),
  place: z
    .object({
      name: oneLine(200),
      lat: coordinate(90).optional(),
      lon: coordinate(180).optional(),
    })
    .refine(({ lat, lon }) => (lat === undefined) === (lon === undefined), 'needs both lat and lon, or neither'),
  image: z.object({
    src: fileReference,
    alt: z.union([z.literal(''), oneLine(1000)], { error: 'must be text' }).optional(),
    caption: oneLine(2000).optional(),
    credit: oneLine(500).optional(),
  }),
  audio: z.object({
    src: fileReference,
    type: z
      .string()
      .regex(/^audio\/[a-z0-9][a-z0-9.+-]{0,60}$/, 'must be a media type such as audio/mpeg')
      .optional(),
    duration: seconds.optional(),
  }),
  source: z.object({ title: oneLine(500), url: webUrl.optional() }),
  correction: z.object({ date, text: oneLine(5000) }),
} as const;

export const articleSchema = z.object({
  id: z
    .string({ error: 'must be text. Put it in quotes' })
    .max(maxIdLength, `must not be longer than ${maxIdLength} characters`)
    .regex(idPattern, 'must be an IRI such as tag:dispatch.example,2023:en/a-slug')
    .optional(),
  slug: slug.optional(),
  title: oneLine(500),
  summary: oneLine(5000),
  date,
  updated: date.optional(),
  status: z
    .enum(['draft', 'published', 'withdrawn'], {
      error: 'must be draft, published or withdrawn. An article with a date in the future is scheduled by itself',
    })
    .default('published'),
  lang: z
    .string({ error: 'must be a language tag such as en or fa. Put it in quotes' })
    .refine(isLanguageTag, 'must be a language tag such as en or fa')
    .optional(),
  translationOf: slug.optional(),
  translation: z.enum(['machine'], { error: 'must be machine, or be left out' }).optional(),
  authors: listOf(
    z.union([key, parts.author], { error: 'must be a key of silkpost.yaml, or {name, url, email}' }),
  ).default([]),
  countries: listOf(key).default([]),
  topics: listOf(key).default([]),
  place: shortFor('name', parts.place).optional(),
  image: shortFor('src', parts.image).optional(),
  audio: shortFor('src', parts.audio).optional(),
  link: webUrl.optional(),
  aliases: listOf(
    z
      .string({ error: 'must be a path such as /2019/05/old-address' })
      .max(maxAliasLength, `must not be longer than ${maxAliasLength} characters`)
      .regex(aliasPattern, 'must be a path such as /2019/05/old-address')
      .refine((path) => !climbs(path), 'must not climb with ..'),
  ).default([]),
  sources: listOf(shortFor('title', parts.source)).default([]),
  priority: z
    .enum(['lead', 'normal', 'brief', 'breaking'], { error: 'must be lead, normal, brief or breaking' })
    .default('normal'),
  corrections: listOf(parts.correction).default([]),
});

export type WrittenArticle = z.output<typeof articleSchema>;

export function isLanguageTag(text: string): boolean {
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(text);
}

export function isWebUrl(text: string): boolean {
  if (!/^https?:\/\/[^/?#\s]/i.test(text) || /[\s<>"`]/.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

function emailAddress() {
  return z
    .string({ error: 'must be one e-mail address' })
    .max(254, 'must be one e-mail address')
    .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, 'must be one e-mail address');
}

function coordinate(most: number) {
  const error = `must be a number of degrees from -${most} to ${most}`;
  return z.number({ error }).min(-most, error).max(most, error);
}

function clockSeconds(text: string): number {
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
