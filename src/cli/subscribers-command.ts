import type { Command } from 'commander';
import { collect, type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { readerSubject, recorded } from './recorded.ts';
import { addSubscriber, deskOf, listSubscribersCommand, removeSubscriber, type SubscriberDesk } from './subscribers.ts';
import { addConsentCommand } from './subscribers-consent.ts';
import { addEraseCommand } from './subscribers-erase.ts';
import { addExportCommand } from './subscribers-export.ts';
import { addImportCommand } from './subscribers-import.ts';

interface AddOptions extends PlaceOptions {
  readonly newsletter: readonly string[];
  readonly lang: readonly string[];
  readonly name?: string;
  readonly country: readonly string[];
  readonly topic: readonly string[];
}

/** `silkpost subscribers …`: the readers. */
export function addSubscribersCommand(program: Command, invocation: Invocation): void {
  const subscribers = program
    .command('subscribers')
    .description('add, remove, list, import, export and erase readers; their consents');
  const run = (place: PlaceOptions, work: (desk: SubscriberDesk) => Promise<{ exitCode: ExitCode }>): Promise<void> =>
    withApp(invocation, place, async (app) => invocation.end((await work(deskOf(app, invocation))).exitCode));
  const change = (
    place: PlaceOptions,
    deed: 'add' | 'remove',
    email: string,
    work: (desk: SubscriberDesk) => Promise<{ exitCode: ExitCode }>,
  ): Promise<void> =>
    withApp(invocation, place, async (app) => {
      const subject = await readerSubject(app, email);
      const act = () => work(deskOf(app, invocation));
      invocation.end((await recorded(app, { action: `readers.${deed}`, subject }, act)).exitCode);
    });

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
      change(place, 'add', email, (desk) =>
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
    .action((email: string, place: PlaceOptions) =>
      change(place, 'remove', email, (desk) => removeSubscriber(desk, email)),
    );

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

  addImportCommand(subscribers, invocation);
  addExportCommand(subscribers, invocation);
  addConsentCommand(subscribers, invocation);
  addEraseCommand(subscribers, invocation);
}
