import { describe, expect, it } from 'vitest';
import { slugify } from '../../src/content/file-name.ts';
import { transliterate } from '../../src/content/transliterate.ts';

describe('transliterate', () => {
  it('writes Armenian, Georgian, Cyrillic, Persian and Latin words so that a slug can be made of them', () => {
    const slugs = {
      'Ուղիղ խոսք Երևանից': 'ughigh-khosk-erevanits',
      'ამბები თბილისიდან': 'ambebi-tbilisidan',
      'Щедрый день, объявленный ёлками': 'shchedryy-den-obyavlennyy-elkami',
      'Qafqazda həftə: İran, çıxış': 'qafqazda-hafta-iran-cixis',
      'گفت‌وگوهای تهران در سال ۱۴۰۵': 'gftvguhai-thran-dr-sal-1405',
      'مُذاکرات ایران و ارمنستان': 'mozakrat-iran-v-armnstan',
      'Straße, Łódź': 'strasse-lodz',
    };
    for (const [title, slug] of Object.entries(slugs)) expect(slugify(transliterate(title))).toBe(slug);
    expect(slugify(transliterate('東京'))).toBe('');
  });
});
