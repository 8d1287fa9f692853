import { mediaTypeOf } from '../../content/index.ts';
import type { View } from '../view.ts';

/** How wide a picture is shown, as `sizes` takes it. It follows the style sheet; a browser test holds the two together. */
export const shownWidths = {
  /** Above an article's text. */
  article: '(min-width: 72.5rem) 60rem, (min-width: 48rem) calc(100vw - 12.5rem), calc(100vw - 2.5rem)',
  /** The front page's first story. */
  lead: '(min-width: 80rem) 53rem, (min-width: 64rem) calc(100vw - 27rem), (min-width: 48rem) calc(100vw - 4rem), 100vw',
  /** A story among others. */
  story: '(min-width: 48rem) 26rem, calc(100vw - 2.5rem)',
  /** Within an article's text. */
  body: '(min-width: 64rem) 38rem, (min-width: 48rem) calc(100vw - 12.5rem), calc(100vw - 2.5rem)',
} as const;

export interface PictureSources {
  /** `srcset` of the WebP files beside the picture's own format, and of that format itself; null where there are none. */
  readonly webp: string | null;
  readonly own: string | null;
}

/**
 * What a browser may choose from, narrowest first.
 *
 * @param picture absolute URL, and pixels where they are known.
 */
export function sourcesOf(
  view: Pick<View, 'sizes' | 'link'>,
  picture: { readonly url: string; readonly width?: number | undefined },
): PictureSources {
  const made = view.sizes.find(picture.url).toSorted((a, b) => a.width - b.width);
  const ownType = mediaTypeOf(URL.parse(picture.url)?.pathname ?? '');
  const candidates = (files: readonly { readonly url: string; readonly width: number }[]): string | null =>
    files.length === 0
      ? null
      : files.map(({ url, width }) => `${srcsetUrl(view.link(url) ?? url)} ${width}w`).join(', ');
  const smaller = made.filter(({ type }) => type === ownType);
  const whole = picture.width === undefined ? [] : [{ url: picture.url, width: picture.width }];
  return {
    webp: candidates(made.filter(({ type }) => type !== ownType)),
    own: smaller.length === 0 || whole.length === 0 ? null : candidates([...smaller, ...whole]),
  };
}

/** `srcset` splits at spaces and commas. */
export function srcsetUrl(url: string): string {
  return url.replace(/[\s,]/g, encodeURIComponent);
}
