import { shownWidths, sourcesOf } from './html/picture-sources.ts';
import { basePath, type View } from './view.ts';

/**
 * An article's sanitised HTML as its page takes it: links and pictures of this site without the host, so that every
 * name that we answer under works, pictures in their smaller sizes too, and a table's alignment as a class, since the
 * page's policy forbids inline styles.
 */
export function articleBody(view: Pick<View, 'site' | 'sizes' | 'link'>, sanitized: string): string {
  const { site } = view;
  const base = basePath(site);
  // Only inside tags; the sanitiser escapes `>` in attributes.
  return sanitized.replace(/<[^>]+>/g, (tag) => {
    const local = tag
      .replace(/\s(href|src|srcset|poster)="([^"]*)"/g, (whole, name: string, value: string) =>
        value.startsWith(`${site.url}/`) ? ` ${name}="${base}${value.slice(site.url.length)}"` : whole,
      )
      .replace(/\sstyle="([^"]*)"/g, (_whole, style: string) => {
        const side = /text-align:\s*(left|right|center)/.exec(style)?.[1];
        return side === undefined ? '' : ` class="align-${side}"`;
      });
    return tag.startsWith('<img ') ? responsive(view, tag, local) : local;
  });
}

/** @param local the tag as the page takes it; `tag` still has the address that sizes are known by. */
function responsive(view: Pick<View, 'sizes' | 'link'>, tag: string, local: string): string {
  const lazy = local.replace(/\s*\/?>$/, ' loading="lazy" decoding="async">');
  const url = /\ssrc="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&amp;', '&');
  if (url === undefined) return local;
  const width = /\swidth="(\d+)"/.exec(tag)?.[1];
  const { webp, own } = sourcesOf(view, { url, width: width === undefined ? undefined : Number(width) });
  const choice = own === null ? '' : ` srcset="${escapeAttribute(own)}" sizes="${shownWidths.body}"`;
  const img = lazy.replace(/^<img/, `<img${choice}`);
  if (webp === null) return img;
  const source = `<source type="image/webp" srcset="${escapeAttribute(webp)}" sizes="${shownWidths.body}">`;
  return `<picture>${source}${img}</picture>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
