import { maxSlugLength, slugify, slugPattern } from '../file-name.ts';
import { cleanText } from '../front-matter/clean-text.ts';
import { firstParagraph } from '../markdown/first-paragraph.ts';
import { createPlainText } from '../markdown/plain-text.ts';
import type { ForeignFile } from './foreign-file.ts';
import { foreignKeys, textOf } from './foreign-keys.ts';

/** Title, summary, slug and language. */
export function readTexts(file: ForeignFile): void {
  readSummary(file, readTitle(file));
  readSlug(file);
  readLanguage(file);
  readTranslation(file);
}

function readTitle(file: ForeignFile): string {
  for (const key of ['title', ...foreignKeys.title]) {
    const title = plain(textOf(file.written[key]) ?? '');
    if (title === '') continue;
    file.set('title', title, key);
    return title;
  }
  // Notes and handbooks often have it in their text alone.
  const heading = plain(/^\s*# +([^\n]{1,500}?)#*(?:\n|$)/.exec(file.body ?? '')?.[1] ?? '');
  if (heading === '') return '';
  file.set('title', heading);
  file.note(null, 'derived-title', 'There is no title, so the first heading stands for it. Add “title: …”.');
  return heading;
}

/** Written under another name, else the first paragraph, else the title: feeds and newsletters have to say something. */
function readSummary(file: ForeignFile, title: string): void {
  for (const key of ['summary', ...foreignKeys.summary]) {
    const summary = plain(textOf(file.written[key]) ?? '');
    if (summary === '') continue;
    file.set('summary', summary.length > 5000 ? `${summary.slice(0, 4999).trimEnd()}…` : summary, key);
    return;
  }
  file.set('summary', undefined);
  if (file.body === null) return;
  const first = firstParagraph(file.body);
  const summary = first || title;
  if (summary === '') return;
  file.set('summary', summary);
  const source = first === '' ? 'title' : 'first paragraph';
  file.note(null, 'derived-summary', `There is no summary, so the ${source} stands for it. Add “summary: …”.`);
}

/** An address of Latin letters, whatever it was made of. */
function readSlug(file: ForeignFile): void {
  const written = textOf(file.written['slug']);
  if (written === null) {
    file.set('slug', undefined);
    return;
  }
  if (slugPattern.test(written) && written.length <= maxSlugLength) {
    file.set('slug', written); // a number, such as 2019, is one too
    return;
  }
  const slug = slugify(written);
  file.set('slug', slug === '' ? undefined : slug);
  const now = slug === '' ? 'the file’s name stands for it' : `${slug} stands for it`;
  const message = `“${written.slice(0, 100)}” holds more than lower-case Latin letters, digits and hyphens; ${now}.`;
  file.note('slug', 'changed-slug', message);
}

/** `fa_IR` is `fa` in a publication that has one Persian. */
function readLanguage(file: ForeignFile): void {
  const key = ['lang', ...foreignKeys.lang].find((name) => typeof file.written[name] === 'string');
  const written = key === undefined ? null : textOf(file.written[key]);
  if (key === undefined || written === null) return;
  const tag = written.replaceAll('_', '-').toLowerCase();
  const { languages } = file.site;
  const same = languages.find((lang) => lang.toLowerCase() === tag);
  file.set('lang', same ?? languages.find((lang) => lang === tag.split('-')[0]) ?? written, key);
}

/** Hugo's word that translations share: a story's name like any other. */
function readTranslation(file: ForeignFile): void {
  const shared = slugify(textOf(file.written['translationKey']) ?? '');
  if (shared !== '' && file.written['translationOf'] === undefined) file.set('translationOf', shared, 'translationKey');
}

const htmlAsText = createPlainText();

/** WordPress writes titles and excerpts as HTML: its text. */
function plain(text: string): string {
  const shown = /<[a-z/!]|&#?\w/i.test(text) ? htmlAsText(text) : text;
  return cleanText(shown).replace(/\s+/g, ' ').trim();
}
