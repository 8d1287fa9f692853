import { hash } from 'node:crypto';
import { toInstant } from '../clock.ts';
import type { FeedEnclosure, FeedEntry, FeedImage, FeedPerson } from './feed.ts';
import { allowedText, escapeHtml, httpUrl, mediaType, plainLine, positiveInteger } from './formats/feed-text.ts';

export type EntryFields = Omit<FeedEntry, 'contentHash'>;

/**
 * The one way to an entry: texts lose what XML forbids, plain ones their line breaks, and what can't stand in a feed
 * (an address that is no absolute http(s) URL, a wrong media type, a place off the globe) is left out. Never throws,
 * unless an instant is none.
 *
 * @param knownHash Where equal hashes are known to be equal fields: the entry's `contentHash`.
 */
export function createEntry(fields: EntryFields, knownHash?: string): FeedEntry {
  const { place } = fields;
  const lat = degrees(place?.lat, 90);
  const lon = degrees(place?.lon, 180);
  const clean: EntryFields = {
    id: plainLine(fields.id),
    url: httpUrl(fields.url) ?? '',
    lang: fields.lang,
    title: plainLine(fields.title),
    summary: plainLine(fields.summary),
    html: allowedText(fields.html).trim() || summaryHtml(fields),
    published: toInstant(new Date(fields.published)),
    updated: toInstant(new Date(fields.updated)),
    authors: fields.authors.map(cleanPerson).filter((author) => author.name !== ''),
    categories: fields.categories
      .map(({ term, label }) => ({ term: plainLine(term), label: plainLine(label) || plainLine(term) }))
      .filter((category) => category.term !== ''),
    image: cleanImage(fields.image),
    audio: cleanAudio(fields.audio),
    place: place && { name: plainLine(place.name), ...(lat === null || lon === null ? {} : { lat, lon }) },
  };
  return { ...clean, contentHash: knownHash ?? hash('sha256', JSON.stringify(clean)) };
}

/** What an entry without a text shows: JSON Feed 1.1 wants a content, and readers show no summary as one. */
function summaryHtml({ summary, title }: EntryFields): string {
  return `<p>${escapeHtml(plainLine(summary) || plainLine(title))}</p>`;
}

/** A person whose addresses are left out where they aren't what they should be. */
export function cleanPerson({ name, url, email }: FeedPerson): FeedPerson {
  const address = url === undefined ? null : httpUrl(url);
  return {
    name: plainLine(name),
    ...(address === null ? {} : { url: address }),
    // RFC 4287 §3.2.3 wants an addr-spec.
    ...(email !== undefined && /^[^\s@<>&"]+@[^\s@<>&"]+$/.test(email) ? { email } : {}),
  };
}

function cleanImage(image: FeedImage | null): FeedImage | null {
  const url = image && httpUrl(image.url);
  if (!image || url === null) return null;
  return {
    url,
    type: mediaType(image.type),
    alt: plainLine(image.alt),
    credit: plainLine(image.credit ?? '') || undefined,
    width: positiveInteger(image.width),
    height: positiveInteger(image.height),
    bytes: positiveInteger(image.bytes),
  };
}

function cleanAudio(audio: FeedEntry['audio']): FeedEntry['audio'] {
  const url = audio && httpUrl(audio.url);
  const type = mediaType(audio?.type);
  if (!audio || url === null || type === undefined) return null;
  const length: FeedEnclosure['length'] = positiveInteger(audio.length) ?? 0;
  return { url, type, length, duration: positiveInteger(audio.duration) };
}

function degrees(value: number | undefined, limit: number): number | null {
  return value !== undefined && Math.abs(value) <= limit ? value : null;
}
