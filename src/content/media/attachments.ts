import { statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Attachment } from '../article.ts';
import { isHiddenPath, spellingsOf } from '../file-name.ts';
import { realPathInside } from '../real-path-inside.ts';

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
  '.flac': 'audio/flac',
  '.pdf': 'application/pdf',
  '.csv': 'text/csv',
};

/** The media type of what may lie beside an article, by its extension; null for what is never published. */
export function mediaTypeOf(path: string): string | null {
  return types[extname(path).toLowerCase()] ?? null;
}

const mediaName = new RegExp(`(?:${Object.keys(types).join('|').replaceAll('.', '\\.')})(?![a-z0-9])`, 'i');

/** Whether a Markdown text may name a file that is published beside the article; a yes may be wrong, a no is not. */
export function mayNameFiles(body: string): boolean {
  // Without a link or picture nothing is named.
  return body.includes(']') && mediaName.test(body);
}

/** The extension that a media type is written with (`.jpg`), or null for one that is never published. */
export function extensionOf(type: string): string | null {
  return Object.entries(types).find(([, known]) => known === type)?.[0] ?? null;
}

/** The files beside one article, collected while it is read. */
export interface Attachments {
  /** The attachment for a path relative to `content/`; null where there is no such file, or none that is published. */
  add(path: string): Attachment | null;
  list(): Attachment[];
}

/** @param contentDir What it names must lie in it, whatever links lead where, and may not be hidden. */
export function collectAttachments(contentDir: string): Attachments {
  const byPath = new Map<string, Attachment>();
  const names = new Set<string>();
  return {
    add(written) {
      if (mediaTypeOf(written) === null) return null;
      for (const path of spellingsOf(written)) {
        const known = byPath.get(path);
        if (known) return known;
        const bytes = sizeOfFile(contentDir, path);
        if (bytes === null) continue;
        const attachment = { name: uniqueName(basename(path), names), path, bytes };
        byPath.set(path, attachment);
        return attachment;
      }
      return null;
    },
    list: () => [...byPath.values()],
  };
}

function sizeOfFile(contentDir: string, path: string): number | null {
  if (isHiddenPath(path)) return null;
  try {
    const file = realPathInside(contentDir, path);
    const found = file === null ? null : statSync(file);
    return found?.isFile() ? found.size : null;
  } catch {
    return null; // gone meanwhile
  }
}

/** Two files of one name from two folders can't share a URL. */
function uniqueName(name: string, taken: Set<string>): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${stem}-${number}${extension}`;
  taken.add(unique);
  return unique;
}
