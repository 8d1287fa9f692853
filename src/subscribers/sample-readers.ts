import { defaultLanguage, type Site } from '../site.ts';
import type { NewSubscriber } from './subscriber-store.ts';

const readers = [
  { email: 'ann@example.com', name: 'Ann Reader', lang: 'en' },
  { email: 'anahit@example.com', name: 'Anahit Reader', lang: 'hy' },
  { email: 'anahita@example.com', name: 'Anahita Reader', lang: 'fa' },
];

/** The three readers that a newcomer's first start adds, each in a language of their own as far as the publication has it. */
export function sampleReaders(site: Site, newsletter: string): NewSubscriber[] {
  return readers.map(({ email, name, lang }) => ({
    email,
    name,
    languages: [site.languages.includes(lang) ? lang : defaultLanguage(site)],
    countries: [],
    topics: [],
    timezone: null,
    newsletters: [newsletter],
    source: 'sample',
    consent: 'A made-up reader of the first start.',
    sample: true,
  }));
}
