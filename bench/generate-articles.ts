// A publication of any size, the same for the same seed: node bench/generate-articles.ts DIR COUNT SEED
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface GenerateOptions {
  readonly dir: string;
  /** Articles, all languages together. */
  readonly count: number;
  readonly seed: number;
}

const languages = ['en', 'fa', 'ka'] as const;
const countries = ['armenia', 'azerbaijan', 'georgia', 'iran', 'turkey', 'russia'];
const topics = ['diplomacy', 'security', 'economy', 'energy', 'transport'];
const authors = ['first-desk', 'second-desk'];
const words: Readonly<Record<(typeof languages)[number], readonly string[]>> = {
  en: 'the road border talks ministers agreed on Tuesday that a bridge between valleys would open again before winter while traders waited for trains and officials counted lorries at the crossing near the lake in spring'.split(
    ' ',
  ),
  fa: 'جاده مرز گفت‌وگو وزیران سه‌شنبه توافق کردند که پل میان دره‌ها پیش از زمستان دوباره باز شود بازرگانان در انتظار قطار ماندند'.split(
    ' ',
  ),
  ka: 'გზა საზღვარი მოლაპარაკება მინისტრები სამშაბათს შეთანხმდნენ რომ ხიდი ხეობებს შორის ზამთრამდე ისევ გაიხსნება ვაჭრები მატარებელს ელოდნენ'.split(
    ' ',
  ),
};

/** mulberry32: small, quick, the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Writes `silkpost.yaml`, `templates/` and `content/`, bodies of 300 to 600 words with headings, lists and links. */
export async function generateArticles({ dir, count, seed }: GenerateOptions): Promise<void> {
  const random = randomNumbers(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // never empty
  await mkdir(join(dir, 'content'), { recursive: true });
  await cp(fileURLToPath(new URL('../templates', import.meta.url)), join(dir, 'templates'), { recursive: true });
  await writeFile(join(dir, 'silkpost.yaml'), publication());
  for (let index = 0; index < count; index++) {
    const lang = languages[index % languages.length] ?? 'en';
    const story = Math.floor(index / languages.length);
    const date = new Date(Date.UTC(2015, 0, 1) + story * 26_000_000).toISOString();
    const sentence = (length: number): string => Array.from({ length }, () => pick(words[lang])).join(' ');
    const paragraph = (): string =>
      Array.from({ length: 4 }, () => `${sentence(8 + Math.floor(random() * 10))}.`).join(' ');
    const sections = Array.from({ length: 2 + Math.floor(random() * 2) }, () =>
      [
        `## ${sentence(4)}`,
        paragraph(),
        `- ${sentence(6)}\n- [${sentence(3)}](/articles/story-${Math.floor(random() * (story + 1))})`,
        paragraph(),
      ].join('\n\n'),
    );
    const text = `---
slug: story-${story}
title: "${sentence(7)} ${story}"
summary: "${sentence(18)}."
date: ${date}
lang: ${lang}
authors: [${pick(authors)}]
countries: [${[...new Set([pick(countries), pick(countries)])].join(', ')}]
topics: [${pick(topics)}]
place: { name: "${pick(words[lang])}", lat: ${(38 + random() * 6).toFixed(4)}, lon: ${(40 + random() * 10).toFixed(4)} }
sources: [{ title: "${sentence(3)}", url: "https://example.org/${story}" }]
---

${[paragraph(), ...sections].join('\n\n')}
`;
    await writeFile(join(dir, 'content', `story-${story}.${lang}.md`), text);
  }
}

function publication(): string {
  const titled = (keys: readonly string[]): string =>
    keys.map((key) => `  ${key}: { title: { en: "${key[0]?.toUpperCase()}${key.slice(1)}" } }`).join('\n');
  return `publication:
  title: { en: The Generated Gazette }
  url: http://localhost:8080
  authority: gazette.example,2015
  timezone: Asia/Tbilisi
  languages: [${languages.join(', ')}]
  publisher: { name: The Generated Gazette, address: "1 Sample Lane, Tbilisi" }
countries:
${titled(countries)}
topics:
${titled(topics)}
authors:
${authors.map((key) => `  ${key}: { name: ${key} }`).join('\n')}
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
