import type { App } from '../app.ts';
import type { EditionCounts } from '../digest/index.ts';
import { sampleReaders } from '../subscribers/index.ts';

/** What a newcomer's first start added. */
export interface SampleReaders {
  readonly newsletter: string;
  readonly addresses: readonly string[];
  /** Filled in once their edition is out. */
  counts: EditionCounts | null;
}

/**
 * With the outbox and an empty database: three readers of the first newsletter, so that a newcomer sees everything work. Null
 * where there is nothing to add. With a relay they vanish.
 */
export async function addSampleReaders(app: App): Promise<SampleReaders | null> {
  if (app.transport.name !== 'outbox') {
    const removed = await app.subscribers.removeSamples();
    if (removed > 0) app.log.info('samples', { removed });
    return null;
  }
  const newsletter = app.config.newsletters[0];
  if (!newsletter) return null;
  const used =
    (await app.subscribers.countSubscribers()) > 0 || (await app.editions.listEditions({ limit: 1 })).length > 0;
  if (used) return null;
  const readers = sampleReaders(app.config.site, newsletter.name);
  await app.subscribers.addSubscribers(readers, app.clock.now());
  return { newsletter: newsletter.name, addresses: readers.map((reader) => reader.email), counts: null };
}

/** The first edition for the sample readers, of the newest articles however old they are. */
export async function composeSampleEdition(app: App, samples: SampleReaders): Promise<void> {
  const newsletter = app.config.newsletters.find(({ name }) => name === samples.newsletter);
  if (!newsletter) return;
  const edition = await app.desk.open({
    newsletter,
    dueAt: app.clock.now(),
    trigger: 'sample',
    selection: { since: '1970-01-01T00:00:00.000Z', slugs: null },
  });
  await app.desk.release(edition);
  await app.postRoom.sendUntilIdle(edition.id, () => {});
  samples.counts = await app.editions.getCounts(edition.id);
  app.log.info('samples', { added: samples.addresses, edition: edition.id, sent: samples.counts.sent });
}
