import type { FullArticle } from '../../content/index.ts';
import { articlesOf, type CheckedEdition, placeIn } from './checked-edition.ts';
import { type FindingPlace, nowhere } from './finding.ts';

/** An address that readers of an edition may open or see, and where it stands. */
export interface PlacedAddress {
  readonly url: string;
  readonly kind: 'link' | 'picture';
  readonly where: FindingPlace;
  /** Whether the mail itself holds it; otherwise only the page of one of its articles does. */
  readonly isMailed: boolean;
}

type Placed = Pick<CheckedEdition, 'stories' | 'pieces' | 'newsletter' | 'lines'>;

/** Every address of the articles, and of what the templates add around them. Slots of the reader's own are left out. */
export function listAddresses(edition: Placed): readonly PlacedAddress[] {
  const ofArticles = articlesOf(edition).flatMap((article) => addressesOf(article, edition));
  const known = new Set(ofArticles.map(({ url }) => url));
  const articles = new Set(articlesOf(edition).map(({ url }) => url));
  const around = edition.pieces.flatMap(({ lang, top, bottom, record, stories, besides }) =>
    [top, bottom, record.open, record.close, ...[...stories, ...besides].flatMap(({ lead, item }) => [lead, item])]
      .flatMap(({ html }) => addressesIn(html))
      .filter(({ url }) => !known.has(url) && !articles.has(url))
      .map((address) => ({
        ...address,
        isMailed: true,
        where: { ...nowhere, lang, file: `templates/${edition.newsletter.template}.mjml.liquid` },
      })),
  );
  return [...new Map([...ofArticles, ...around].map((address) => [JSON.stringify(address), address])).values()];
}

function addressesOf(article: FullArticle, edition: Placed): readonly PlacedAddress[] {
  const inText = addressesIn(article.html).map((address) => ({
    ...address,
    // A mail shows no pictures of the text.
    isMailed: edition.newsletter.text === 'full' && address.kind === 'link',
  }));
  const { image, sources, link } = article;
  const picture = image?.rasterUrl ?? null;
  const all = [
    ...inText,
    ...(picture === null ? [] : [{ url: picture, kind: 'picture' as const, isMailed: true }]),
    ...sources.flatMap(({ url }) => (url === undefined ? [] : [{ url, kind: 'link' as const, isMailed: false }])),
    ...(link === null ? [] : [{ url: link, kind: 'link' as const, isMailed: true }]),
  ];
  return all.map((address) => ({ ...address, where: placeIn(edition, article, ...spellingsOf(address.url)) }));
}

/** The line that names an address: as a whole, from the site's root, by its last step. */
function spellingsOf(url: string): ((line: string) => boolean)[] {
  const { pathname, search, hash } = new URL(url);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  const spellings = [url, pathname + search + hash, last + search + hash, last].flatMap((text) => [
    text,
    readable(text),
  ]);
  return [...new Set(spellings)].filter((text) => text.length > 1).map((text) => (line) => line.includes(text));
}

function readable(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** Links and pictures of HTML that we made, without those that are no http(s). */
export function addressesIn(html: string): { readonly url: string; readonly kind: 'link' | 'picture' }[] {
  const found = [...html.matchAll(/<(a|img)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map(([, tag, written = '']) => ({
    url: written
      .replaceAll('&#39;', "'")
      .replaceAll('&#34;', '"')
      .replaceAll('&quot;', '"')
      .replace(/&(?:amp|#38);/g, '&'),
    kind: tag === 'img' ? ('picture' as const) : ('link' as const),
  }));
  return found.filter(({ url }) => /^https?:\/\//i.test(url) && URL.canParse(url));
}
