import type { Instant } from '../../clock.ts';
import type { Newsletter } from '../../digest/index.ts';
import { createLocale } from '../../i18n/index.ts';
import type { View } from '../view.ts';
import { dateText, type Html, html, nothing } from './html.ts';

/** When the next edition is due, told in the newsletter's own zone. */
export function newsletterTimes(view: View, newsletter: Newsletter, due: Instant | null): Html | '' {
  if (due === null) return nothing;
  const locale = createLocale(view.lang, newsletter.timezone);
  const zone = newsletter.timezone === view.site.timezone ? nothing : html` (<bdi>${newsletter.timezone}</bdi>)`;
  return html`<p class="next-edition">${locale.label(locale.t('site.next_edition'))} <time datetime="${due}">${dateText(locale.day(due))}${locale.comma}<bdi>${locale.time(due)}</bdi></time>${zone}</p>`;
}
