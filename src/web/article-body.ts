import type { Site } from '../site.ts';
import { basePath } from './view.ts';

/**
 * An article's sanitised HTML as its page takes it: links and pictures of this site without the host, so that every
 * name that we answer under works, and a table's alignment as a class, since the page's policy forbids inline styles.
 */
export function articleBody(site: Site, sanitized: string): string {
  const base = basePath(site);
  // Only inside tags; the sanitiser escapes `>` in attributes.
  return sanitized.replace(/<[^>]+>/g, (tag) =>
    tag
      .replace(/\s(href|src|srcset|poster)="([^"]*)"/g, (whole, name: string, value: string) =>
        value.startsWith(`${site.url}/`) ? ` ${name}="${base}${value.slice(site.url.length)}"` : whole,
      )
      .replace(/\sstyle="([^"]*)"/g, (_whole, style: string) => {
        const side = /text-align:\s*(left|right|center)/.exec(style)?.[1];
        return side === undefined ? '' : ` class="align-${side}"`;
      }),
  );
}
