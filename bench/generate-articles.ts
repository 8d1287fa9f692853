// A publication of any size, the same for the same seed: node bench/generate-articles.ts DIR COUNT SEED
import { mkdirSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GeneratedLanguage, generatedLanguages, vocabulary } from './vocabulary.ts';

export interface GenerateOptions {
  readonly dir: string;
  /** Articles, all languages together. */
  readonly count: number;
  readonly seed: number;
}

export const generatedCountries = [
  'armenia',
  'azerbaijan',
  'georgia',
  'iran',
  'turkey',
  'russia',
  'ukraine',
  'kazakhstan',
  'iraq',
  'greece',
] as const;
export const generatedTopics = [
  'diplomacy',
  'security',
  'economy',
  'energy',
  'transport',
  'justice',
  'politics',
  'culture',
  'science',
  'sport',
] as const;
export const generatedUrl = 'http://localhost:8080';

// All in the past, so that no peer takes an article for a scheduled one.
const firstDay = Date.UTC(2013, 0, 1);
const lastDay = Date.UTC(2026, 0, 1);

/**
 * Writes `silkpost.yaml`, `templates/` and `content/YEAR/story-N.LANG.md`: four languages, ten countries and ten topics,
 * bodies of 300 to 600 words with headings, lists, quotations and links. Story 0 is the oldest.
 */
export async function generateArticles({ dir, count, seed }: GenerateOptions): Promise<void> {
  const random = randomNumbers(seed);
  await cp(fileURLToPath(new URL('../templates', import.meta.url)), join(dir, 'templates'), { recursive: true });
  writeFileSync(join(dir, 'silkpost.yaml'), publication());
  const folders = new Set<string>();
  for (let index = 0; index < count; index++) {
    const story = Math.floor(index / generatedLanguages.length);
    const lang = generatedLanguages[index % generatedLanguages.length] ?? 'en';
    const path = generatedPath(dir, count, story, lang);
    const folder = dirname(path);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    writeFileSync(path, renderArticle(story, lang, dateOf(count, story), random));
  }
}

/** Where a story of a publication of `count` articles lies. */
export function generatedPath(dir: string, count: number, story: number, lang: GeneratedLanguage): string {
  return join(dir, 'content', String(dateOf(count, story).getUTCFullYear()), `story-${story}.${lang}.md`);
}

/** The newest story that there is in every language. */
export function newestStory(count: number): number {
  return Math.floor(count / generatedLanguages.length) - 1;
}

function dateOf(count: number, story: number): Date {
  const stories = Math.ceil(count / generatedLanguages.length);
  return new Date(firstDay + Math.floor(((lastDay - firstDay) / stories) * story));
}

/** One article's file. */
export function renderArticle(story: number, lang: GeneratedLanguage, date: Date, random: () => number): string {
  const words = vocabulary[lang];
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // never empty
  const sentence = (length: number): string => {
    let text = pick(words);
    for (let more = 1; more < length; more++) text += ` ${pick(words)}`;
    return text;
  };
  const paragraph = (): string => {
    let text = '';
    for (let more = 0; more < 5; more++) text += `${sentence(8 + Math.floor(random() * 10))}. `;
    return text.trimEnd();
  };
  const prefix = lang === generatedLanguages[0] ? '' : `/${lang}`;
  const link = (): string => `[${sentence(3)}](${prefix}/articles/story-${Math.floor(random() * (story + 1))})`;
  const section = (): string =>
    `## ${sentence(4)}\n\n${paragraph()}\n\n- ${sentence(6)}\n- ${link()}\n- **${sentence(2)}** ${sentence(3)}\n\n${paragraph()}`;
  const quotation = random() < 0.5 ? `\n\n> ${sentence(20)}` : '';
  const sections = Array.from({ length: 2 + Math.floor(random() * 2) }, section).join('\n\n');
  return `---
slug: story-${story}
title: "${sentence(7)} ${story}"
summary: "${sentence(18)}."
date: ${date.toISOString()}
lang: ${lang}
authors: [{ name: ${pick(['First desk', 'Second desk', 'Third desk'])} }]
countries: [${[...new Set([pick(generatedCountries), pick(generatedCountries)])].join(', ')}]
topics: [${pick(generatedTopics)}]
place: { name: "${pick(words)}", lat: ${(38 + random() * 6).toFixed(4)}, lon: ${(40 + random() * 10).toFixed(4)} }
sources: [{ title: "${sentence(3)}", url: "https://example.org/${story}" }]
---

${paragraph()}${quotation}

${sections}
`;
}

/** mulberry32: small, quick, the same everywhere. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function publication(): string {
  const titled = (keys: readonly string[]): string =>
    keys.map((key) => `  ${key}: { title: { en: "${key[0]?.toUpperCase()}${key.slice(1)}" } }`).join('\n');
  return `publication:
  title: { en: The Generated Gazette }
  url: ${generatedUrl}
  authority: gazette.example,2015
  timezone: Asia/Tbilisi
  languages: [${generatedLanguages.join(', ')}]
  publisher: { name: The Generated Gazette, address: "1 Sample Lane, Tbilisi" }
countries:
${titled(generatedCountries)}
topics:
${titled(generatedTopics)}
newsletters:
  weekly:
    title: { en: The week }
    schedule: 0 7 * * FRI
mail:
  from: { name: The Generated Gazette, address: digest@gazette.example }
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dir = 'generated', count = '1000', seed = '1'] = process.argv.slice(2);
  await generateArticles({ dir, count: Number(count), seed: Number(seed) });
}
