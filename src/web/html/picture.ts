import type { Picture } from '../../content/index.ts';
import type { View } from '../view.ts';
import { type Html, html, nothing } from './html.ts';
import { shownWidths, sourcesOf, srcsetUrl } from './picture-sources.ts';

/**
 * A picture in its best form: an SVG with the raster file behind it for browsers without it, else the narrowest file
 * that is sharp. Its size keeps the text from jumping while it loads.
 */
export function picture(
  view: View,
  image: Picture,
  place: keyof typeof shownWidths,
  loading: 'eager' | 'lazy',
): Html | '' {
  const best = view.link(image.url);
  const raster = image.rasterUrl === null ? null : view.link(image.rasterUrl);
  if (best === null) return nothing;
  const size =
    image.width === undefined || image.height === undefined
      ? nothing
      : html` width="${image.width}" height="${image.height}"`;
  const hasVector = raster !== null && raster !== best && /\.svg$/i.test(image.url);
  const vector = hasVector ? html`<source type="image/svg+xml" srcset="${srcsetUrl(best)}">` : nothing;
  const { webp, own } = sourcesOf(view, { url: image.rasterUrl ?? image.url, width: image.width });
  const widths = shownWidths[place];
  const light = webp === null ? nothing : html`<source type="image/webp" srcset="${webp}" sizes="${widths}">`;
  const choice = own === null ? nothing : html` srcset="${own}" sizes="${widths}"`;
  return html`<picture>${vector}${light}<img src="${raster ?? best}"${choice} alt="${image.alt}"${size}${loading === 'lazy' ? html` loading="lazy"` : nothing} decoding="async"></picture>`;
}

/** Caption and credit, where there are any. */
export function pictureCaption(view: View, image: Picture): Html | '' {
  const credit = image.credit === undefined ? nothing : view.locale.t('site.picture_credit', { name: image.credit });
  if (image.caption === undefined && credit === nothing) return nothing;
  const text = [image.caption, credit || undefined].filter((part) => part !== undefined).join(' ');
  return html`<figcaption class="caption" dir="auto">${text}</figcaption>`;
}
