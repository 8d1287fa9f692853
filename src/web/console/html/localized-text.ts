import { directionOf } from '../../../i18n/index.ts';
import { defaultLanguage, type Localized, type Site } from '../../../site.ts';
import { type Html, html, nothing } from '../../html/html.ts';

/** A title in English where there is one, else in the publication's own language; marked as what it is in. */
export function localizedText(site: Site, text: Localized): Html {
  const lang = ['en', defaultLanguage(site), ...Object.keys(text)].find((key) => text[key] !== undefined);
  if (lang === undefined) return html``;
  return html`<bdi${lang === 'en' ? nothing : html` lang="${lang}" dir="${directionOf(lang)}"`}>${text[lang]}</bdi>`;
}
