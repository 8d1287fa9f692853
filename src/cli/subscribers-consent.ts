import type { Command } from 'commander';
import type { Consent, SubscriberStore } from '../subscribers/index.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { getReader } from './subscribers-erase.ts';

/** `silkpost subscribers consent ADDR|ID`: what a reader agreed to, when and how. */
export function addConsentCommand(subscribers: Command, invocation: Invocation): void {
  withPlace(subscribers.command('consent'))
    .description('what a reader agreed to, word by word, when and how; oldest first')
    .argument('<reader>', 'an address, or a subscriber’s number (also of one who was erased)')
    .option('--json', 'print one JSON document')
    .action((reader: string, options: PlaceOptions & { json?: boolean }) =>
      withApp(invocation, options, async ({ subscribers: store }) => {
        invocation.terminal.out(await describeConsents(store, reader, options.json ?? false));
      }),
    );
}

async function describeConsents(store: SubscriberStore, reader: string, asJson: boolean): Promise<string> {
  const { subscriber } = await getReader(store, reader);
  const consents = await store.listConsents(subscriber.id);
  const { id, email, state } = subscriber;
  if (asJson) return JSON.stringify({ id, email, state, consents }, null, 2);
  const head = `${email ?? 'erased'}\t${state}\tsubscriber ${id}`;
  if (consents.length === 0) return `${head}\nNothing is recorded.`;
  return [head, ...consents.map(describe)].join('\n\n');
}

function describe({
  what,
  how,
  at,
  newsletters,
  languages,
  countries,
  topics,
  wording,
  lang,
  version,
  ip,
}: Consent): string {
  const lists = [
    ['newsletters', newsletters],
    ['languages', languages],
    ['countries', countries],
    ['topics', topics],
  ] as const;
  const rows = lists.filter(([, keys]) => keys.length > 0).map(([name, keys]) => `  ${name}: ${keys.join(', ')}`);
  const source = [lang === 'und' ? '' : lang, version === '' ? '' : `version ${version}`]
    .filter((part) => part !== '')
    .join(', ');
  return [
    `${at}  ${what} (${how}${ip === null ? '' : `, from ${ip}`})`,
    ...rows,
    // A terminal's own commands have no place in what somebody typed.
    ...(wording === '' ? [] : [`  “${wording.replace(/\p{Cc}+/gu, ' ')}” (${source})`]),
  ].join('\n');
}
