import { beforeAll, describe, expect, it } from 'vitest';
import {
  articleFor,
  assembleVariant,
  type EditionPieces,
  interfaceLanguage,
  renderPieces,
  renderWebVersion,
} from '../../src/digest/index.ts';
import { nestingFault, webView, wordView } from '../support/html-balance.ts';
import {
  dispatchSite,
  dueEdition,
  storyArticle,
  storyOf,
  templatesDir,
  weekly,
  weekOfStories,
} from '../support/story-fixtures.ts';

const stories = weekOfStories();
const keys = stories.map((story) => story.key);
const [talks] = stories;
const told = (lang: string, isUpdate = false) => [{ key: talks.key, lang, isUpdate }, ...keys.slice(1)];

describe('articleFor', () => {
  it('takes the first of the reader’s languages that the story exists in', () => {
    expect(articleFor(talks, ['ka', 'fa', 'hy'], dispatchSite).lang).toBe('fa');
    expect(articleFor(talks, ['hy', 'fa'], dispatchSite).lang).toBe('hy');
  });

  it('takes the publication’s default where there is none, and the original where that is missing too', () => {
    expect(articleFor(talks, ['ka', 'ru'], dispatchSite).lang).toBe('en');
    const russian = storyOf(
      storyArticle({ slug: 'ru-only', lang: 'ru' }),
      storyArticle({ slug: 'ru-only', lang: 'tr' }),
    );
    expect(articleFor(russian, ['ka'], dispatchSite).lang).toBe('ru');
  });
});

describe('interfaceLanguage', () => {
  it('is the reader’s first language that the publication has, else the default', () => {
    expect(interfaceLanguage(['de', 'fa', 'hy'], dispatchSite)).toBe('fa');
    expect(interfaceLanguage(['de'], dispatchSite)).toBe('en');
  });
});

describe('a mail that tells a story in another of the reader’s languages', () => {
  const pieces = new Map<string, EditionPieces>();
  const piecesIn = (lang: string): EditionPieces => {
    const found = pieces.get(lang);
    if (!found) throw new Error(`no pieces in ${lang}`);
    return found;
  };
  beforeAll(async () => {
    const common = { site: dispatchSite, newsletter: weekly, edition: dueEdition, stories, templatesDir };
    for (const lang of ['ka', 'ru']) {
      const besides = [{ key: talks.key, lang: 'fa' }];
      pieces.set(lang, await renderPieces({ ...common, lang, besides }));
    }
  });

  it('has its own words in the first language and the story in its own, marked and named', () => {
    const { html, text, subject } = assembleVariant(piecesIn('ka'), told('fa'));
    expect(subject).toBe('شمخانی از هر دو طرف خواست خویشتن‌داری کنند');
    expect(html).toMatch(/<html[^>]* lang="ka" dir="ltr"/);
    expect(html).toMatch(/<div lang="fa" dir="rtl"><p class="kicker"/);
    expect(html).toContain('https://dispatch.example/fa/articles/talks');
    expect(html).not.toContain('https://dispatch.example/articles/talks"');
    expect(html).toContain('სპარსულ');
    expect(text).toContain('სპარსულ');
    expect(text).toContain('\u2066EUMA\u2069');
    expect(nestingFault(webView(html))).toBeNull();
    expect(nestingFault(wordView(html))).toBeNull();
  });

  it('tells others of the same first language what they can read', () => {
    const { html, subject } = assembleVariant(piecesIn('ka'), told('en'));
    expect(subject).toBe('Iran’s security chief asks both sides for restraint');
    expect(html).not.toContain('/fa/articles/talks');
  });

  it('shows the edition’s page each story once', () => {
    const html = renderWebVersion(piecesIn('ka'), keys);
    expect(html).toContain('https://dispatch.example/articles/talks"');
    expect(html).not.toContain('/fa/articles/talks');
    expect(piecesIn('ka').stories.map(({ storyKey }) => storyKey)).toEqual(keys);
  });
});

describe('a mail that tells a story again', () => {
  it.each([
    ['en', 'Updated 25 November 2026', 'Update: '],
    ['hy', 'Թարմացվել է՝ ', 'Թարմացում. '],
    ['az', 'Yenilənib: ', 'Yeniləmə: '],
    ['ka', 'განახლებულია: ', 'განახლება: '],
    ['ru', 'Обновлено: ', 'Обновление: '],
    ['fa', 'به‌روزرسانی: ', 'به‌روزرسانی: '],
    ['tr', 'Güncellendi: ', 'Güncelleme: '],
  ])('says in %s that it is an update, in both parts and in the subject', async (lang, label, subjectStart) => {
    const pieces = await renderPieces({
      site: dispatchSite,
      newsletter: weekly,
      edition: dueEdition,
      stories,
      templatesDir,
      lang,
    });
    const again = assembleVariant(pieces, told(lang, true));
    expect(again.html.split(label)).toHaveLength(2);
    expect(again.text.split(label)).toHaveLength(2);
    expect(again.subject.startsWith(subjectStart)).toBe(true);
    expect(nestingFault(webView(again.html))).toBeNull();
    const [, second = ''] = keys;
    const inGroup = assembleVariant(pieces, [talks.key, { key: second, lang: 'en', isUpdate: true }]);
    expect(inGroup.html.split(label)).toHaveLength(2);
    expect(inGroup.text.split(label)).toHaveLength(2);
    expect(inGroup.subject.startsWith(subjectStart)).toBe(false);
    const brief = assembleVariant(pieces, [talks.key, { key: keys.at(-1) ?? '', lang: 'en', isUpdate: true }]);
    expect(brief.html.split(label)).toHaveLength(2);
    expect(brief.text.split(label)).toHaveLength(2);
    for (const whole of [renderWebVersion(pieces, keys), assembleVariant(pieces, keys).html]) {
      expect(whole).not.toContain(label);
      expect(whole).not.toMatch(/\uE022|\uE023/);
    }
  });
});
