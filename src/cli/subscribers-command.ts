import type { Command } from 'commander';
import type { App } from '../app.ts';
import { collect, type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import {
  addSubscriber,
  exportSubscribers,
  importSubscribers,
  listSubscribersCommand,
  removeSubscriber,
  type SubscriberDesk,
} from './subscribers.ts';
import { addEraseCommand } from './subscribers-erase.ts';

interface AddOptions extends PlaceOptions {
  readonly newsletter: readonly string[];
  readonly lang: readonly string[];
  readonly name?: string;
  readonly country: readonly string[];
  readonly topic: readonly string[];
}

/** `silkpost subscribers …`: the readers. */
export function addSubscribersCommand(program: Command, invocation: Invocation): void {
  const subscribers = program.command('subscribers').description('add, remove, list, import, export and erase readers');
  const run = (place: PlaceOptions, work: (desk: SubscriberDesk) => Promise<{ exitCode: ExitCode }>): Promise<void> =>
    withApp(invocation, place, async (app) => invocation.end((await work(deskOf(app, invocation))).exitCode));

  withPlace(subscribers.command('add'))
    .description('an active reader, for whom you vouch')
    .argument('<email>')
    .option('--newsletter <name>', 'may be said several times; the first one where left out', collect, [])
    .option(
      '--lang <lang>',
      'a language, the most wanted first; may be said several times; the default one where left out',
      collect,
      [],
    )
    .option('--name <name>', 'shown in the To field')
    .option('--country <key>', 'only articles about it; may be said several times', collect, [])
    .option('--topic <key>', 'only articles about it; may be said several times', collect, [])
    .action((email: string, { newsletter, country, topic, lang, name, ...place }: AddOptions) =>
      run(place, (desk) =>
        addSubscriber(desk, email, {
          newsletters: newsletter,
          countries: country,
          topics: topic,
          languages: lang,
          ...(name === undefined ? {} : { name }),
        }),
      ),
    );

  withPlace(subscribers.command('remove'))
    .description('leave every newsletter; what was sent stays on record')
    .argument('<email>')
    .action((email: string, place: PlaceOptions) => run(place, (desk) => removeSubscriber(desk, email)));

  withPlace(subscribers.command('list'))
    .description('all readers')
    .option('--newsletter <name>', 'only of this newsletter')
    .option('--json', 'print one JSON document')
    .option('--jsonl', 'print a JSON document a line')
    .action(
      ({
        newsletter,
        json,
        jsonl,
        ...place
      }: PlaceOptions & { newsletter?: string; json?: boolean; jsonl?: boolean }) =>
        run(place, (desk) =>
          listSubscribersCommand(desk, {
            format: json ? 'json' : jsonl ? 'jsonl' : 'text',
            ...(newsletter === undefined ? {} : { newsletter }),
          }),
        ),
    );

  withPlace(subscribers.command('import'))
    .description('readers from CSV with a header: email, name, lang, countries, topics, newsletters, timezone, status')
    .argument('<file>', '- for stdin')
    .requiredOption('--consent <text>', 'where these readers agreed, in your words')
    .option('--newsletter <name>', 'for rows that name none; may be said several times', collect, [])
    .action((file: string, options: PlaceOptions & { consent: string; newsletter: readonly string[] }) =>
      run(options, (desk) =>
        importSubscribers(desk, file, { consent: options.consent, newsletters: options.newsletter }),
      ),
    );

  withPlace(subscribers.command('export'))
    .description('readers as CSV on stdout')
    .option('--newsletter <name>', 'only of this newsletter')
    .action(({ newsletter, ...place }: PlaceOptions & { newsletter?: string }) =>
      run(place, (desk) => exportSubscribers(desk, newsletter === undefined ? {} : { newsletter })),
    );

  addEraseCommand(subscribers, invocation);
}

function deskOf(app: App, { terminal }: Invocation): SubscriberDesk {
  return {
    store: app.subscribers,
    site: app.config.site,
    newsletters: app.config.newsletters,
    clock: app.clock,
    terminal,
    output: process.stdout,
  };
}
