import { posix } from 'node:path';
import { strictUrl } from '../../web-address.ts';
import { isMarkdownFile } from '../file-name.ts';

/** What a link or a picture's address in an article points at. */
export type Reference =
  /** Complete already, in one of the schemes that we allow. */
  | { readonly kind: 'web'; readonly url: string }
  /** A place in the article itself (`#note`). */
  | { readonly kind: 'anchor'; readonly hash: string }
  /** A path from the site's root (`/articles/other`). */
  | { readonly kind: 'site'; readonly path: string }
  /** A file below `content/`, with what followed it (`#part`). */
  | { readonly kind: 'file'; readonly path: string; readonly suffix: string }
  /** Would climb out of `content/`. */
  | { readonly kind: 'outside' }
  /** Another scheme, or no address at all. */
  | { readonly kind: 'refused' };

/**
 * Reads an address as it stands in an article.
 *
 * @param from Path of the article's file, relative to `content/`.
 */
export function parseReference(written: string, from: string): Reference {
  const text = written.trim();
  if (text === '' || /[\u0000-\u001F\u007F]/.test(text)) return { kind: 'refused' };
  if (text.startsWith('#')) return { kind: 'anchor', hash: text };
  if (text.startsWith('//')) return webReference(`https:${text}`);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text)) return webReference(text);
  const [, path = '', suffix = ''] = /^([^?#]*)(.*)$/s.exec(text) ?? [];
  const decoded = decode(path);
  if (decoded === null || /[\u0000-\u001F\u007F\\]/.test(decoded)) return { kind: 'refused' };
  const fromRoot = /^@?\/(.+)$/s.exec(decoded)?.[1];
  if (path.startsWith('/') || fromRoot !== undefined) {
    if (decoded.split('/').includes('..')) return { kind: 'outside' };
    // No page has such an address; an article's file does. Zola writes @ before it.
    if (fromRoot !== undefined && isMarkdownFile(fromRoot)) {
      return { kind: 'file', path: posix.normalize(fromRoot), suffix };
    }
    if (path.startsWith('/')) return { kind: 'site', path: text };
  }
  if (path === '') return { kind: 'refused' };
  const file = posix.normalize(posix.join(posix.dirname(from), decoded));
  if (file === '..' || file.startsWith('../') || file.startsWith('/')) return { kind: 'outside' };
  return { kind: 'file', path: file, suffix };
}

function webReference(text: string): Reference {
  if (/^mailto:[^\s]+$/i.test(text)) return { kind: 'web', url: text };
  if (!/^https?:\/\/[^/?#\s]/i.test(text) || !URL.canParse(text)) return { kind: 'refused' };
  return { kind: 'web', url: strictUrl(new URL(text)) };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
