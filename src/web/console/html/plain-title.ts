import { type Localized, localized, type Site } from '../../../site.ts';
import { isolated } from '../../reader-links.ts';

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** A title in English where there is one, where no markup can stand: one that runs from right to left is set apart. */
export function plainTitle(site: Site, text: Localized): string {
  const title = localized(text, 'en', site);
  return rightToLeft.test(title) ? isolated(title) : title;
}
