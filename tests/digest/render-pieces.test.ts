import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FullArticle, Story } from '../../src/content/index.ts';
import { assembleVariant, fillSlots, type Newsletter, renderPieces, type Variant } from '../../src/digest/index.ts';
import { nestingFault, webView, wordView } from '../support/html-balance.ts';
import {
  dispatchSite,
  dueEdition,
  roadMap,
  storyArticle,
  storyOf,
  templatesDir,
  weekly,
  weekOfStories,
} from '../support/story-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function variantOf(
  lang: string,
  stories: readonly Story<FullArticle>[] = weekOfStories(),
  newsletter: Newsletter = weekly,
  folder = templatesDir,
): Promise<Variant> {
  const pieces = await renderPieces({
    site: dispatchSite,
    newsletter,
    edition: dueEdition,
    stories,
    lang,
    templatesDir: folder,
  });
  return assembleVariant(
    pieces,
    stories.map((story) => story.key),
  );
}

/** A copy of the templates with one file changed. */
async function templatesWith(name: string, change: (text: string) => string): Promise<string> {
  const { path } = await temporaryFolder();
  await cp(templatesDir, path, { recursive: true });
  const file = join(path, name);
  await writeFile(file, change(await readFile(file, 'utf8')));
  return path;
}

const hostile =
  '"><img src=x onerror=alert(1)><script>alert(1)</script> {{ constructor }} {% cut "x" %} </mj-text> <!--[if mso]> &amp; \uE000\uE0FF';

describe('renderPieces', () => {
  it.each(dispatchSite.languages)('renders %s whole: nested, named, without a missing message', async (lang) => {
    const { html, text } = await variantOf(lang);
    expect(nestingFault(webView(html))).toBeNull();
    expect(nestingFault(wordView(html))).toBeNull();
    const dir = lang === 'fa' ? 'rtl' : 'ltr';
    expect(html).toMatch(new RegExp(`<html[^>]* lang="${lang}" dir="${dir}"`));
    expect(html).toMatch(new RegExp(`<div[^>]* role="article" lang="${lang}" dir="${dir}"`));
    expect(html.match(/<h1[\s>]/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script|javascript:|src="data:|url\(|@import|undefined|\[object|mail\.[a-z_]+/);
    expect(text).not.toMatch(/undefined|\[object|&#|<[a-z]|mail\.[a-z_]+/);
    expect(Buffer.byteLength(html)).toBeLessThan(45_000);
  });

  it('says of each story that a machine translated, in whatever place it stands, that one did', async () => {
    const translated = (slug: string, changes: Partial<FullArticle> = {}): Story<FullArticle> =>
      storyOf(storyArticle({ slug }), storyArticle({ slug, lang: 'fa', translation: 'machine', ...changes }));
    const stories = [translated('lead'), translated('item'), translated('brief', { priority: 'brief' })];
    const persian = await variantOf('fa', stories);
    for (const part of [persian.html, persian.text]) expect(part.split('ترجمهٔ ماشینی')).toHaveLength(4);
    const english = await variantOf('en', stories);
    for (const part of [english.html, english.text]) expect(part).not.toContain('machine');
  });

  it('gives every picture an alternative text and its size', async () => {
    const { html } = await variantOf('en');
    const pictures = html.match(/<img [^>]*>/g) ?? [];
    expect(pictures.length).toBeGreaterThanOrEqual(4);
    for (const picture of pictures) {
      expect(picture).toMatch(/ alt[ =]/);
      expect(picture).toMatch(/ width="\d+"/);
      expect(picture).toMatch(/ height="\d+"/);
    }
    expect(html).toContain(`alt="${roadMap.alt}" width="600" height="300"`);
    expect(html).toContain('width="420" height="210"');
  });

  it('reads from the right in Persian, also where only Word looks', async () => {
    const { html } = await variantOf('fa');
    expect((html.match(/<table[^>]*>/g) ?? []).filter((table) => !table.includes('dir="rtl"'))).toEqual([]);
    expect(html).not.toContain('direction:ltr');
    const columns = html.match(/<div class="mj-column[^>]*>/g) ?? [];
    expect(columns.length).toBeGreaterThan(5);
    for (const column of columns) expect(column).toMatch(/text-align:right.*direction:rtl/);
    expect(html).toContain('border-right:4px');
  });

  it('shows Persian readers both dates', async () => {
    const { html, text } = await variantOf('fa');
    expect(html).toContain('جمعه ۶ آذر ۱۴۰۵ · ۲۷ نوامبر ۲۰۲۶');
    expect(text).toContain('جمعه ۶ آذر ۱۴۰۵ · ۲۷ نوامبر ۲۰۲۶');
  });

  it('tells a story in the edition’s language where it was translated', async () => {
    const { html, text, subject } = await variantOf('fa');
    expect(subject).toBe('شمخانی از هر دو طرف خواست خویشتن‌داری کنند');
    expect(html).toContain('https://dispatch.example/fa/articles/talks');
    expect(html).not.toContain('https://dispatch.example/articles/talks"');
    expect(text).toContain('\u2066EUMA\u2069');
  });

  it('marks a story in another language with that language and says so', async () => {
    const { html, text, subject } = await variantOf('fa', weekOfStories().slice(1));
    expect(subject).toBe('Baku and Yerevan agree to release prisoners');
    expect(html).toMatch(/<div lang="en" dir="ltr"><p class="kicker"/);
    expect(html).toContain('به انگلیسی');
    expect(text).toContain('به انگلیسی');
    expect(text).toContain('\nBaku and Yerevan agree to release prisoners\n');
  });

  it('groups by countries in the alphabetical order of the reader’s language, briefs last', async () => {
    const { html } = await variantOf('en');
    const heads = [...html.matchAll(/<h2 class="rail"[^>]*>([^<]*)<\/h2>/g)].map((match) => match[1]);
    expect(heads).toEqual([
      'Armenia and Azerbaijan',
      'Georgia',
      'Across the region',
      'More stories',
      'In brief',
      'For the record',
    ]);
  });

  it('says of the lead where else it can be read', async () => {
    expect((await variantOf('en')).html).toContain('also in \u2068Հայերեն\u2069, \u2068فارسی\u2069');
  });

  it('lists corrections and each source once', async () => {
    const { html, text } = await variantOf('en');
    expect(html).toContain('An earlier version named the wrong day.');
    expect(html).toContain('Correction, 26 November 2026');
    expect(html.match(/Iran International, 9 April 2023/g)).toHaveLength(1);
    expect(text).toContain('Sources in this edition:\nIran International, 9 April 2023; Ministry of Foreign Affairs');
  });

  it('has every link of the HTML in the text too, the stories’ in the same order', async () => {
    const { html, text } = await variantOf('en');
    const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1] ?? '');
    for (const link of inHtml.filter((link) => link !== 'https://dispatch.example/')) expect(text).toContain(link);
    const articles = (links: readonly string[]): string[] => [
      ...new Set(links.filter((link) => link.includes('/articles/'))),
    ];
    expect(articles(text.match(/https:\S+/g) ?? [])).toEqual(articles(inHtml));
  });

  it('says at the foot why, how to change and leave, who and where', async () => {
    const links = {
      unsubscribeUrl: 'https://dispatch.example/unsubscribe/T',
      preferencesUrl: 'https://dispatch.example/preferences/T',
    };
    const { html, text } = fillSlots(await variantOf('en'), links);
    for (const part of [html, text]) {
      expect(part).toMatch(/asked for it at\sdispatch\.example\./);
      expect(part).toContain(links.unsubscribeUrl);
      expect(part).toContain(links.preferencesUrl);
      expect(part).toContain('https://dispatch.example/newsletters/weekly/2026-11-27T0300Z');
      expect(part).toContain(dispatchSite.privacyUrl);
      expect(part).toContain('Dispatch Press');
      expect(part).toContain('1 Example Lane, 0100 Tbilisi, Georgia');
      expect(part).not.toMatch(/[\uE000-\uF8FF]/);
    }
  });

  it('carries the whole text where the newsletter says full', async () => {
    const { html, text } = await variantOf('en', weekOfStories(), { ...weekly, text: 'full' });
    expect(html).toContain('<p style="margin:0 0 14px">The whole text of court.</p>');
    expect(text).toContain('The whole text of court.');
    expect(html).not.toContain('Read in full');
  });

  it('shows hostile titles, captions and sources as text', async () => {
    const article = storyArticle({
      slug: 'hostile',
      title: hostile,
      summary: hostile,
      place: { name: hostile },
      image: { ...roadMap, alt: hostile, caption: hostile, credit: hostile },
      sources: [{ title: hostile }],
      corrections: [{ date: '2026-11-26T08:00:00.000Z', text: hostile }],
      html: '<p onclick="x()">a</p><script>alert(1)</script></mj-text>',
    });
    const stories = [
      storyOf(article),
      storyOf({ ...article, id: 'b', slug: 'b' }),
      storyOf({ ...article, id: 'c', slug: 'c' }),
    ];
    for (const text of ['summary', 'full'] as const) {
      const variant = await variantOf('en', stories, { ...weekly, text });
      // The content of quoted attributes may say anything, escaped as it is.
      expect(variant.html.replace(/"[^"]*"/g, '""')).not.toMatch(/<script|<img src=x|<[^>]*\son\w+=/);
      expect(variant.html).toContain(
        '&lt;script&gt;alert(1)&lt;/script&gt; {{ constructor }} {% cut &#34;x&#34; %} &lt;/mj-text&gt;',
      );
      expect(variant.text).toContain('{{ constructor }} {% cut "x" %}');
      expect(nestingFault(webView(variant.html))).toBeNull();
      // Two slots in the foot, each once: content added none.
      expect(variant.html.match(/[\uE000-\uF8FF]/g)).toHaveLength(2);
      expect(variant.text.match(/[\uE000-\uF8FF]/g)).toHaveLength(2);
    }
  });

  it('refuses a template that says nowhere how to leave', async () => {
    const folder = await templatesWith('digest.txt.liquid', (text) => text.replace('{{ reader.unsubscribe_url }}', ''));
    await expect(variantOf('en', weekOfStories(), weekly, folder)).rejects.toThrow(
      /digest\.txt\.liquid lacks reader\.unsubscribe_url/,
    );
  });

  it('refuses a reader’s own link outside mail_only', async () => {
    const folder = await templatesWith('digest.txt.liquid', (text) => `${text}\n{{ reader.preferences_url }}`);
    await expect(variantOf('en', weekOfStories(), weekly, folder)).rejects.toThrow(/belongs into mail_only/);
  });

  it('names the piece that a template lacks', async () => {
    const folder = await templatesWith('digest.txt.liquid', (text) => text.replace('{% cut "sources" -%}', ''));
    await expect(variantOf('en', weekOfStories(), weekly, folder)).rejects.toThrow(
      /digest\.txt\.liquid lacks \{% cut "sources" %\}/,
    );
  });

  it('names the template and line of an unknown word', async () => {
    const folder = await templatesWith('digest.txt.liquid', (text) => `{{ "no_such_word" | t }}${text}`);
    await expect(variantOf('en', weekOfStories(), weekly, folder)).rejects.toThrow(
      /digest\.txt\.liquid, line 1: .*no_such_word/,
    );
  });
});
