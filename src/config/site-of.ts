import { AppError } from '../errors.ts';
import type { Site } from '../site.ts';
import { isSiteUrl, type PublicationFile } from './publication-file.ts';

/**
 * What the publication is, and how it is reached.
 *
 * @param urlVariable SILKPOST_URL, which wins.
 * @throws AppError `invalid` where that is no URL.
 */
export function siteOf(file: PublicationFile, urlVariable: string | null, port: number): Site {
  const { publication } = file;
  return {
    title: publication.title,
    description: publication.description ?? publication.title,
    url: publicUrl(publication.url, urlVariable, port),
    formerUrls: publication.formerUrls,
    authority: publication.authority ?? null,
    timezone: publication.timezone,
    languages: publication.languages,
    publisher: publication.publisher,
    image: publication.image ?? null,
    icon: publication.icon ?? null,
    privacyUrl: publication.privacyUrl ?? null,
    countries: file.countries,
    topics: file.topics,
    authors: file.authors,
  };
}

/** Where only the port was changed and the URL is localhost's, the URL's port follows. */
function publicUrl(written: string, variable: string | null, port: number): string {
  if (variable !== null && !isSiteUrl(variable)) {
    const sentence =
      'SILKPOST_URL must be an http(s) URL such as https://dispatch.example, without user, query or fragment.';
    throw new AppError('invalid', sentence);
  }
  const url = new URL(variable ?? written);
  if (variable === null && url.hostname === 'localhost' && port !== 0) url.port = String(port);
  return url.href.replace(/\/+$/, '');
}
