import { fileURLToPath } from 'node:url';
import type { FullArticle, Picture, Story } from '../../src/content/index.ts';
import type { Site } from '../../src/site.ts';
import { newsletterOf } from './edition-fixtures.ts';

/** The sample publication's templates. */
export const templatesDir = fileURLToPath(new URL('../../templates', import.meta.url));

export const dispatchSite: Site = {
  title: { en: 'The Caucasus Dispatch', hy: 'Կովկասյան սուրհանդակ', fa: 'پیک قفقاز' },
  description: { en: 'News from Armenia, Azerbaijan and Georgia' },
  url: 'https://dispatch.example',
  formerUrls: [],
  authority: 'dispatch.example,2023',
  timezone: 'Asia/Tbilisi',
  languages: ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'],
  publisher: {
    name: 'Dispatch Press',
    email: 'desk@dispatch.example',
    address: '1 Example Lane, 0100 Tbilisi, Georgia',
  },
  image: null,
  icon: null,
  privacyUrl: 'https://dispatch.example/privacy',
  countries: {
    armenia: { title: { en: 'Armenia', hy: 'Հայաստան', fa: 'ارمنستان' } },
    azerbaijan: { title: { en: 'Azerbaijan', hy: 'Ադրբեջան', fa: 'جمهوری آذربایجان' } },
    georgia: { title: { en: 'Georgia', hy: 'Վրաստան', fa: 'گرجستان' } },
    iran: { title: { en: 'Iran', hy: 'Իրան', fa: 'ایران' } },
  },
  topics: { security: { title: { en: 'Security' } }, energy: { title: { en: 'Energy' } } },
  authors: {},
};

export const weekly = newsletterOf({
  title: { en: 'The week in the Caucasus', fa: 'هفتهٔ قفقاز' },
  timezone: 'Asia/Tbilisi',
});

export const dueEdition = { key: '2026-11-27T0300Z', dueAt: '2026-11-27T03:00:00.000Z' };

export const roadMap: Picture = {
  url: 'https://dispatch.example/articles/road/road.svg',
  rasterUrl: 'https://dispatch.example/articles/road/road.png',
  alt: 'Map of the road from Goris to Lachin',
  caption: 'The road. Schematic map, not to scale.',
  credit: 'The Caucasus Dispatch',
  width: 1200,
  height: 600,
  type: 'image/png',
};

/** A published article with its text; what isn't said follows from its slug and language. */
export function storyArticle(changes: Partial<FullArticle> & { readonly slug: string }): FullArticle {
  const lang = changes.lang ?? 'en';
  const date = changes.date ?? '2026-11-25T10:00:00.000Z';
  return {
    id: `tag:dispatch.example,2023:${lang}/${changes.slug}`,
    lang,
    path: `${changes.slug}.${lang}.md`,
    status: 'published',
    title: `Title of ${changes.slug}`,
    summary: `What happened in ${changes.slug}, told in one sentence that is as long as such sentences are.`,
    date,
    updated: date,
    publishedAt: date,
    archiveDate: date,
    withdrawnAt: null,
    storySlug: changes.slug,
    translation: null,
    authors: [],
    countries: ['armenia'],
    topics: ['security'],
    place: null,
    image: null,
    audio: null,
    link: null,
    url: `https://dispatch.example${lang === 'en' ? '' : `/${lang}`}/articles/${changes.slug}`,
    aliases: [],
    formerAddresses: [],
    sources: [],
    priority: 'normal',
    corrections: [],
    attachments: [],
    html: `<p>The whole text of ${changes.slug}.</p>`,
    words: 420,
    contentHash: changes.slug,
    ...changes,
  };
}

/** One story of its articles, the first of them its original. */
export function storyOf(...articles: readonly [FullArticle, ...FullArticle[]]): Story<FullArticle> {
  return {
    key: articles[0].id,
    original: articles[0],
    byLanguage: new Map(articles.map((article) => [article.lang, article])),
  };
}

/** A week's news: a lead in three languages, groups of one and two countries, the region, a brief, a correction. */
export function weekOfStories(): readonly [Story<FullArticle>, ...Story<FullArticle>[]] {
  const talks = storyArticle({
    slug: 'talks',
    title: 'Iran’s security chief asks both sides for restraint',
    summary: 'The secretaries of two security councils met in Tehran on Sunday.',
    countries: ['armenia', 'iran'],
    place: { name: 'Tehran' },
    image: roadMap,
    priority: 'lead',
    sources: [{ title: 'Iran International, 9 April 2023' }, { title: 'Ministry of Foreign Affairs of Azerbaijan' }],
  });
  return [
    storyOf(
      talks,
      {
        ...talks,
        lang: 'hy',
        title: 'Իրանը զսպվածության կոչ է անում',
        url: 'https://dispatch.example/hy/articles/talks',
      },
      {
        ...talks,
        lang: 'fa',
        title: 'شمخانی از هر دو طرف خواست خویشتن‌داری کنند',
        summary: 'دبیران شوراهای امنیت یکشنبه در تهران دیدار کردند و EUMA در پس‌زمینهٔ گفت‌وگو بود.',
        place: { name: 'تهران' },
        url: 'https://dispatch.example/fa/articles/talks',
      },
    ),
    storyOf(
      storyArticle({
        slug: 'prisoners',
        title: 'Baku and Yerevan agree to release prisoners',
        countries: ['azerbaijan', 'armenia'],
        image: roadMap,
        sources: [{ title: 'Iran International, 9 April 2023' }],
      }),
    ),
    storyOf(storyArticle({ slug: 'court', countries: ['armenia', 'azerbaijan'], place: { name: 'The Hague' } })),
    storyOf(
      storyArticle({
        slug: 'candidate',
        countries: ['georgia'],
        corrections: [{ date: '2026-11-26T08:00:00.000Z', text: 'An earlier version named the wrong day.' }],
      }),
    ),
    storyOf(storyArticle({ slug: 'railway', countries: ['iran', 'azerbaijan', 'georgia'], topics: ['energy'] })),
    storyOf(storyArticle({ slug: 'elsewhere', countries: [], topics: [] })),
    storyOf(storyArticle({ slug: 'lorries', countries: ['armenia'], place: { name: 'Margara' }, priority: 'brief' })),
    storyOf(storyArticle({ slug: 'statute', countries: ['armenia'], priority: 'brief' })),
  ];
}
