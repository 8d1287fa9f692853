// An edition for readers with many different lists, rendered, frozen and made into messages:
// node bench/audience/run.ts PUBLICATION READERS LISTS
import { openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { createVariantFor, type ReaderChoice } from '../../src/delivery/index.ts';
import { createDeliveryLedger, createEditionStore, openDatabase } from '../../src/storage/index.ts';
import { generatedCountries, generatedTopics, randomNumbers } from '../generate-articles.ts';
import { composer } from '../send/edition.ts';
import type { AudienceReport } from './audience-report.ts';

const [dir = '', readers = '', lists = ''] = process.argv.slice(2);
const app = await openApp(readConfig({ dir, environment: {} }));
await app.catalog.refresh();
const [newsletter] = app.config.newsletters;
if (!newsletter) throw new Error('There is no newsletter.');
const issue = {
  newsletter,
  dueAt: app.clock.now(),
  trigger: 'manual',
  selection: { since: '2013-01-01T00:00:00.000Z', slugs: null },
} as const;
const wishes = await findWishes(Number(lists));
await addReaders(wishes, Number(readers));

const usage = process.cpuUsage();
const startedAt = performance.now();
let rendered = 0;
const edition = await app.desk.release(await app.desk.open(issue), {
  onLanguage: () => {
    rendered += 1;
  },
});
const frozenMs = performance.now() - startedAt;
const { messages, bodies } = await makeMessages();
const wallMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(usage);
const report: AudienceReport = {
  readers: (await app.editions.getCounts(edition.id)).queued + messages,
  lists: (await app.editions.listVariants(edition.id)).length,
  languages: app.config.site.languages.length,
  rendered,
  messages,
  bodies,
  frozenMs,
  wallMs,
  cpuMs: (user + system) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(report));
await app.close();

/** Choices of which no two lead to the same stories in the same languages. */
async function findWishes(count: number): Promise<readonly ReaderChoice[]> {
  const content = await app.desk.compose(issue);
  if (!content) throw new Error('There is nothing to send.');
  const variantFor = createVariantFor({ site: app.config.site, ...content });
  const random = randomNumbers(7);
  const some = (keys: readonly string[], share: number): string[] => keys.filter(() => random() < share);
  const found = new Map<string, ReaderChoice>();
  while (found.size < count) {
    const languages = app.config.site.languages.toSorted(() => random() - 0.5).slice(0, 2);
    const choice = { languages, countries: some(generatedCountries, 0.4), topics: some(generatedTopics, 0.6) };
    const variant = variantFor(choice, []);
    if (variant !== null) found.set(JSON.stringify([variant.lang, variant.stories]), choice);
  }
  return [...found.values()];
}

/** Neighbours have different lists. */
async function addReaders(choices: readonly ReaderChoice[], count: number): Promise<void> {
  const additions = Array.from({ length: count }, (_, index) => ({
    email: `reader${index}@example.com`,
    name: null,
    timezone: null,
    newsletters: [issue.newsletter.name],
    source: 'import' as const,
    consent: 'for measuring',
    sample: false,
    ...(choices[index % choices.length] ?? { languages: ['en'], countries: [], topics: [] }),
  }));
  await app.subscribers.addSubscribers(additions, app.clock.now());
}

/** Makes every message of the edition; tells how many different bodies were made for them. */
async function makeMessages(): Promise<{ messages: number; bodies: number }> {
  const database = await openDatabase(app.config.paths.database);
  const ledger = createDeliveryLedger(database);
  const compose = composer(createEditionStore(database), false);
  const parts = new Set<Uint8Array>();
  const now = app.clock.now();
  const request = { worker: 'bench', transport: app.transport.name, limit: 500, editionId: edition.id, now };
  let messages = 0;
  for (;;) {
    const claimed = await ledger.claim({ ...request, leaseUntil: plusMs(now, 3_600_000) });
    if (claimed.length === 0) break;
    for (const one of claimed) {
      // What is common to a list's readers is one and the same buffer, made once.
      const [, common] = await (await compose(one)).message();
      if (common) parts.add(common);
      messages += 1;
    }
  }
  await database.destroy();
  return { messages, bodies: parts.size };
}
