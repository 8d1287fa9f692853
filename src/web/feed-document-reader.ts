import { z } from 'zod';
import { type Instant, toInstant } from '../clock.ts';
import { AppError } from '../errors.ts';

/** A feed as its subscribers get it, read back from its JSON document. */
export interface FeedPageModel {
  readonly title: string;
  /** Absolute URL of the JSON document itself; the other formats lie beside it. */
  readonly url: string;
  /** Absolute URL of the page with the same selection. */
  readonly pageUrl: string;
  /** In the document's order. */
  readonly items: readonly FeedPageItem[];
}

export interface FeedPageItem {
  readonly id: string;
  /** Absolute, or null. */
  readonly url: string | null;
  readonly lang: string | null;
  readonly title: string;
  readonly summary: string;
  /** Sanitised when it was made. */
  readonly html: string;
  readonly published: Instant | null;
  readonly modified: Instant | null;
  /** Absolute URL, or null. */
  readonly image: string | null;
  /** Names. */
  readonly authors: readonly string[];
  readonly attachments: readonly FeedPageAttachment[];
}

export interface FeedPageAttachment {
  readonly url: string;
  readonly type: string;
}

const instant = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)))
  .transform((value) => toInstant(new Date(value)));

const item = z.object({
  id: z.string(),
  url: z.string().optional(),
  language: z.string().optional(),
  title: z.string().default(''),
  summary: z.string().default(''),
  content_html: z.string().default(''),
  date_published: instant.optional(),
  date_modified: instant.optional(),
  image: z.string().optional(),
  authors: z.array(z.object({ name: z.string().optional() })).default([]),
  attachments: z.array(z.object({ url: z.string(), mime_type: z.string() })).default([]),
});

const document = z.object({
  title: z.string(),
  feed_url: z.string(),
  home_page_url: z.string(),
  items: z.array(item).default([]),
});

/**
 * Reads one of our own JSON Feed 1.1 documents.
 *
 * @throws AppError `internal` where it isn't one.
 */
export function parseFeedDocument(body: Buffer): FeedPageModel {
  const read = document.safeParse(parseJson(body));
  if (!read.success)
    throw new AppError('internal', 'A feed’s JSON document can’t be read back.', { cause: read.error });
  const { title, feed_url: url, home_page_url: pageUrl, items } = read.data;
  return {
    title,
    url,
    pageUrl,
    items: items.map((found) => ({
      id: found.id,
      url: found.url ?? null,
      lang: found.language ?? null,
      title: found.title,
      summary: found.summary,
      html: found.content_html,
      published: found.date_published ?? null,
      modified: found.date_modified ?? null,
      image: found.image ?? null,
      authors: found.authors.flatMap(({ name }) => (name ? [name] : [])),
      attachments: found.attachments.map((attachment) => ({ url: attachment.url, type: attachment.mime_type })),
    })),
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null; // said with the rest of what may be wrong with it
  }
}
