import { placeholderSummary } from './check/check-text.ts';

/** What a new article begins with. Keys have been looked up already. */
export interface NewArticle {
  readonly id: string;
  readonly title: string;
  readonly slug: string;
  readonly lang: string;
  /** As it stands in the file: `2023-04-09` or `2023-04-09T18:30:00+04:00`. */
  readonly date: string;
  readonly status: 'draft' | 'published';
  /** Default: a sentence to be replaced, which `silkpost check` finds in what is published. */
  readonly summary?: string | undefined;
  readonly authors: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  /** Default: none, only a remark that says how one is written. */
  readonly image?: { readonly src: string; readonly alt: string } | undefined;
  /** Markdown; default: a word in its place. */
  readonly text?: string | undefined;
}

/** The file of a new article: every key of the front matter is in it, those without a value as remarks. */
export function renderNewArticle(article: NewArticle): string {
  const { id, title, slug, lang, date, status, authors, countries, topics, image } = article;
  const lines = [
    '---',
    `id: ${id} # what feed readers know it by; leave it as it is`,
    `slug: ${slug}`,
    `title: ${quoted(title)}`,
    `summary: ${quoted(article.summary ?? placeholderSummary)}`,
    `date: ${date} # in the future: it appears by itself at that time`,
    `status: ${status} # draft | published | withdrawn`,
    `lang: ${lang}`,
    `authors: ${list(authors)}`,
    `countries: ${list(countries)}`,
    `topics: ${list(topics)}`,
    image
      ? `image: { src: ${image.src}, alt: ${quoted(image.alt)} }`
      : '# image: { src: map.png, alt: What it shows, caption: …, credit: … }',
    '# place: { name: Tbilisi, lat: 41.7151, lon: 44.8271 }',
    '# audio: { src: talk.mp3, duration: 12:30 }',
    '# sources: [{ title: …, url: https://… }]',
    '# priority: normal # lead | normal | brief | breaking',
    '# translationOf: the-slug-of-the-original # only where it differs from this one',
    '# translation: machine # readers are told that the text was translated by machine',
    '# aliases: [/old/address]',
    '# link: https://… # where the article lives, if not on this site',
    '# updated: 2030-01-31 # a change that readers should see',
    '# corrections: [{ date: 2030-01-31, text: … }]',
    '---',
    '',
    article.text ?? 'The text, in Markdown.',
    '',
  ];
  return lines.join('\n');
}

/** JSON's strings are YAML's too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function list(keys: readonly string[]): string {
  return `[${keys.join(', ')}]`;
}
