import type { Instant } from '../../../clock.ts';
import type { PublishedCatalog } from '../../../content/index.ts';
import {
  checkAudience,
  type EditionAudience,
  type EditionSelection,
  type EditionStore,
  type Newsletter,
} from '../../../digest/index.ts';
import { sentenceOf } from '../../../errors.ts';
import { parseLocalTime } from '../../../schedule/index.ts';
import { defaultLanguage, type Site } from '../../../site.ts';
import type { FieldErrors } from '../html/form.ts';

/** What somebody wants sent by hand, to whom and when. */
export interface SendWishes {
  readonly newsletter: Newsletter;
  readonly selection: EditionSelection;
  readonly audience: EditionAudience;
  /** Null: now. */
  readonly at: Instant | null;
  /** The one spelling of the same wishes. */
  readonly query: string;
}

export type ReadWishes =
  | { readonly ok: true; readonly wishes: SendWishes }
  | { readonly ok: false; readonly errors: FieldErrors };

export interface WishesContext {
  readonly site: Site;
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<EditionStore, 'findEdition' | 'listTexts'>;
  readonly published: PublishedCatalog;
  readonly now: Instant;
}

/** In the order in which they stand in the one spelling. */
const keys = [
  'newsletter',
  'what',
  'slug',
  'slugs',
  'since',
  'article',
  'edition',
  'again',
  'lang',
  'country',
  'got',
  'when',
  'at',
];
const kinds = ['new', 'articles', 'since', 'alert', 'correction'] as const;

/** Reads the form of `/send`, or says what is wrong with it, by field. Anything may be in it. */
export async function readWishes(given: URLSearchParams, context: WishesContext): Promise<ReadWishes> {
  const errors: Record<string, string> = {};
  const newsletter = context.newsletters.find(({ name }) => name === given.get('newsletter'));
  if (newsletter === undefined) errors['newsletter'] = 'Choose a newsletter.';
  const selection = await readSelection(given, context, errors);
  const audience = newsletter && (await readAudience(given, context, newsletter, errors));
  const at = readTime(given, context, newsletter, errors);
  if (newsletter === undefined || audience === undefined || selection === null || Object.keys(errors).length > 0) {
    return { ok: false, errors };
  }
  return { ok: true, wishes: { newsletter, selection, audience, at, query: spelling(given) } };
}

/** What is asked for; a link may name the article or the edition alone. */
export function kindOf(given: URLSearchParams): (typeof kinds)[number] {
  const named = kinds.find((known) => known === given.get('what'));
  return named ?? (given.get('article') ? 'alert' : given.get('edition') ? 'correction' : 'new');
}

function spelling(given: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const key of keys)
    for (const value of given.getAll(key)) if (value.trim() !== '') query.append(key, value.trim());
  return String(query);
}

async function readSelection(
  given: URLSearchParams,
  context: WishesContext,
  errors: Record<string, string>,
): Promise<EditionSelection | null> {
  const kind = kindOf(given);
  const again = given.has('again') ? { again: true } : {};
  switch (kind) {
    case 'new':
      return { since: null, slugs: null };
    case 'since': {
      const since = timeOf(given.get('since') ?? '', context, errors, 'since');
      return since === null ? null : { since, slugs: null, ...again };
    }
    case 'articles': {
      const slugs = [...given.getAll('slug'), ...(given.get('slugs') ?? '').split(/[\s,]+/)].filter(
        (slug) => slug !== '',
      );
      if (slugs.length === 0) errors['slugs'] = 'Choose at least one article.';
      return checkSlugs([...new Set(slugs)], context, errors, 'slugs')
        ? { since: null, slugs: [...new Set(slugs)], ...again }
        : null;
    }
    case 'alert': {
      const slug = (given.get('article') ?? '').trim();
      if (slug === '') errors['article'] = 'Choose the article.';
      return checkSlugs([slug], context, errors, 'article') ? { since: null, slugs: [slug] } : null;
    }
    case 'correction':
      return readCorrection(given.get('edition') ?? '', context, errors);
    default:
      return kind satisfies never;
  }
}

/** The stories of an edition, as they are now: what has changed since is marked as such. */
async function readCorrection(
  id: string,
  { editions, published, site }: WishesContext,
  errors: Record<string, string>,
): Promise<EditionSelection | null> {
  const [texts] = (await editions.listTexts([id], [defaultLanguage(site)])).get(id) ?? [];
  const slugs = (texts?.stories ?? []).flatMap(({ storyKey }) => {
    const article = published.findById(storyKey);
    return article === null ? [] : [(published.findStory(article)?.original ?? article).slug];
  });
  if (slugs.length > 0) return { since: null, slugs, again: true };
  errors['edition'] = id === '' ? 'Choose the edition.' : 'No article of that edition is published any more.';
  return null;
}

function checkSlugs(
  slugs: readonly string[],
  { published }: WishesContext,
  errors: Record<string, string>,
  field: string,
): boolean {
  const unknown = slugs.find((slug) => !published.articles.some((article) => article.slug === slug));
  if (unknown !== undefined && errors[field] === undefined)
    errors[field] = `No published article has the slug “${unknown}”.`;
  return errors[field] === undefined;
}

async function readAudience(
  given: URLSearchParams,
  { site, editions }: WishesContext,
  { name }: Newsletter,
  errors: Record<string, string>,
): Promise<EditionAudience | undefined> {
  const corrected = kindOf(given) === 'correction' ? given.get('edition') : null;
  const gotEdition = given.get('got') || corrected || null;
  const audience = { languages: given.getAll('lang'), countries: given.getAll('country'), gotEdition };
  try {
    return await checkAudience(audience, { site, newsletter: name, findEdition: (id) => editions.findEdition(id) });
  } catch (error) {
    errors[gotEdition !== null && gotEdition === corrected ? 'edition' : 'got'] ??= sentenceOf(error);
    return undefined;
  }
}

function readTime(
  given: URLSearchParams,
  context: WishesContext,
  newsletter: Newsletter | undefined,
  errors: Record<string, string>,
): Instant | null {
  if (given.get('when') !== 'at') return null;
  const at = timeOf(given.get('at') ?? '', context, errors, 'at');
  if (at !== null && at <= context.now) errors['at'] = 'That time is over.';
  return newsletter === undefined ? null : at;
}

function timeOf(
  text: string,
  { site, now }: WishesContext,
  errors: Record<string, string>,
  field: string,
): Instant | null {
  if (text.trim() === '') {
    errors[field] = 'Give a time.';
    return null;
  }
  try {
    return parseLocalTime(text.trim(), site.timezone, now);
  } catch (error) {
    errors[field] = sentenceOf(error);
    return null;
  }
}
