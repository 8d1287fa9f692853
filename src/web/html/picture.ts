import type { Picture } from '../../content/index.ts';
import type { View } from '../view.ts';
import { type Html, html, nothing } from './html.ts';

/**
 * A picture in its best form, with the raster file behind an SVG for browsers without it. Its size keeps the text from
 * jumping while it loads.
 */
export function picture(view: View, image: Picture, loading: 'eager' | 'lazy'): Html | '' {
  const best = view.link(image.url);
  const raster = image.rasterUrl === null ? null : view.link(image.rasterUrl);
  if (best === null) return nothing;
  const size =
    image.width === undefined || image.height === undefined
      ? nothing
      : html` width="${image.width}" height="${image.height}"`;
  // `srcset` splits at spaces and commas.
  const source =
    raster !== null && raster !== best && /\.svg$/i.test(image.url)
      ? html`<source type="image/svg+xml" srcset="${best.replace(/[\s,]/g, encodeURIComponent)}">`
      : nothing;
  const shown = source === nothing ? best : (raster ?? best);
  return html`<picture>${source}<img src="${shown}" alt="${image.alt}"${size}${loading === 'lazy' ? html` loading="lazy"` : nothing} decoding="async"></picture>`;
}

/** Caption and credit, where there are any. */
export function pictureCaption(view: View, image: Picture): Html | '' {
  const credit = image.credit === undefined ? nothing : view.locale.t('site.picture_credit', { name: image.credit });
  if (image.caption === undefined && credit === nothing) return nothing;
  const text = [image.caption, credit || undefined].filter((part) => part !== undefined).join(' ');
  return html`<figcaption class="caption" dir="auto">${text}</figcaption>`;
}
