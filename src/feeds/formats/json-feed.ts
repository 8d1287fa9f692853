import { Feed as Library } from 'feed';
import type { Feed, FeedEntry, FeedPerson } from '../feed.ts';
import { extension, type FeedRenderer } from './feed-renderer.ts';

/** JSON Feed 1.1. */
export const jsonFeed: FeedRenderer = { renderEntry, renderDocument };

const version = 'https://jsonfeed.org/version/1.1';

/** Between items, as the library indents. */
const margin = '\n        ';

function renderEntry(entry: FeedEntry): string {
  const attachments = attachmentsOf(entry);
  const item = {
    id: entry.id,
    content_html: entry.html,
    ...(entry.url === '' ? {} : { url: entry.url }),
    ...(entry.title === '' ? {} : { title: entry.title }),
    ...(entry.summary === '' ? {} : { summary: entry.summary }),
    ...(entry.image ? { image: entry.image.url } : {}),
    date_modified: entry.updated,
    date_published: entry.published,
    tags: entry.categories.map(({ label }) => label),
    language: entry.lang,
    ...(entry.authors.length > 0 ? { authors: entry.authors.map(author) } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
  };
  return JSON.stringify(item, null, 4).replaceAll('\n', margin);
}

function renderDocument(feed: Feed, entries: readonly string[]): Buffer {
  const icon = feed.icon ?? feed.image;
  const library = new Library({
    title: feed.title,
    description: feed.description,
    link: feed.pageUrl,
    feedLinks: { json: feed.urls.json },
    // The library's `image` is `icon` here: a large square; `favicon` is a small one.
    ...(icon === null ? {} : { image: icon }),
  });
  library.addExtension(extension('version', version));
  library.addExtension(extension('language', feed.lang));
  library.addExtension(extension('authors', [author(feed.publisher)]));
  if (feed.icon !== null) library.addExtension(extension('favicon', feed.icon));
  const previous = feed.history?.previous?.json;
  if (previous !== undefined) library.addExtension(extension('next_url', previous));
  if (feed.hubs.length > 0) {
    library.addExtension(
      extension(
        'hubs',
        feed.hubs.map((url) => ({ type: 'WebSub', url })),
      ),
    );
  }
  const frame = library.json1();
  if (entries.length === 0) return Buffer.from(frame);
  const end = frame.lastIndexOf(']');
  return Buffer.from(`${frame.slice(0, end)}${margin}${entries.join(`,${margin}`)}\n    ${frame.slice(end)}`);
}

function author({ name, url }: FeedPerson): { name: string; url?: string } {
  return url === undefined ? { name } : { name, url };
}

function attachmentsOf({ audio }: FeedEntry): Record<string, string | number>[] {
  if (!audio) return [];
  return [
    {
      url: audio.url,
      mime_type: audio.type,
      ...(audio.length > 0 ? { size_in_bytes: audio.length } : {}),
      ...(audio.duration === undefined ? {} : { duration_in_seconds: audio.duration }),
    },
  ];
}
