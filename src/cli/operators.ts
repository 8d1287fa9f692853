import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import { lostSecrets, mendLostSecrets, type Role, roles } from '../operators/index.ts';
import { welcomeUrlOf } from '../web/index.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { commandActor } from './recorded.ts';

/** `silkpost operators …`: who may sign in to the console. */
export function addOperatorsCommand(program: Command, invocation: Invocation): void {
  const operators = program.command('operators').description('who may sign in to the console');
  const run = (place: PlaceOptions, work: (app: App) => Promise<void>): Promise<void> =>
    withApp(invocation, place, work);

  withPlace(operators.command('add'))
    .description('print a link that works once, for a day, to set a name and password by')
    .argument('<email>')
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory())
    .option('--json', 'print one JSON document')
    .action((email: string, options: PlaceOptions & { role: Role; json?: boolean }) =>
      run(options, async (app) => {
        const { role } = options;
        const { operator, token } = await app.operatorRoom.desk.invite(commandActor(), { email, role });
        sayLink(app, operator.email, token, options, invocation);
      }),
    );

  withPlace(operators.command('list'))
    .description('all of them')
    .option('--json', 'print one JSON document')
    .action((options: PlaceOptions & { json?: boolean }) => run(options, (app) => list(app, options, invocation)));

  withPlace(operators.command('reset'))
    .description('take away password, codes and sessions, and print a link to set them anew')
    .argument('<email>')
    .option('--json', 'print one JSON document')
    .action((email: string, options: PlaceOptions & { json?: boolean }) =>
      run(options, async (app) => {
        const { desk } = app.operatorRoom;
        const operator = await desk.getByEmail(email);
        sayLink(app, operator.email, await desk.reset(commandActor(), operator.id), options, invocation);
      }),
    );

  withPlace(operators.command('remove'))
    .description('let somebody in no more; what they did stays in the audit log')
    .argument('<email>')
    .action((email: string, place: PlaceOptions) =>
      run(place, async (app) => {
        const { desk } = app.operatorRoom;
        const operator = await desk.remove(commandActor(), (await desk.getByEmail(email)).id);
        invocation.terminal.say(`${operator.email} is no operator any more.`);
      }),
    );
}

function sayLink(
  { config }: App,
  email: string,
  token: string,
  { json }: { readonly json?: boolean },
  { terminal }: Invocation,
): void {
  const url = welcomeUrlOf(config.site, token);
  if (json) terminal.out(JSON.stringify({ email, url }));
  else {
    terminal.say(`With this link ${email} sets a name and a password, once, within a day:`);
    terminal.out(url);
  }
}

async function list(
  { operatorRoom }: App,
  { json }: { readonly json?: boolean },
  { terminal }: Invocation,
): Promise<void> {
  const rows = (await operatorRoom.desk.list()).map(({ operator, passwordHash, totp, seenAt, refused }) => ({
    email: operator.email,
    name: operator.name,
    role: operator.role,
    timezone: operator.timezone,
    hasPassword: passwordHash !== null,
    hasCode: totp !== null,
    isCodeLost: totp?.secret === null,
    seenAt,
    refused,
  }));
  if (json) return terminal.out(JSON.stringify({ operators: rows }, null, 2));
  if (rows.length === 0) terminal.say('There is none yet: silkpost start prints a link that makes the owner.');
  for (const { email, role, name, hasPassword, hasCode, isCodeLost, refused } of rows) {
    const signsIn = hasPassword
      ? `a password${hasCode ? ` and a code${isCodeLost ? ' that can’t be checked' : ''}` : ''}`
      : 'nothing yet';
    const tries = refused === null ? [] : [`${count(refused.tries, 'refused sign-in')}, last ${refused.lastAt}`];
    terminal.out([email, role, name, signsIn, ...tries].join('\t'));
  }
  const lost = rows.filter(({ isCodeLost }) => isCodeLost).map(({ email }) => email);
  if (lost.length > 0) terminal.say(`${lostSecrets(lost)} ${mendLostSecrets}`);
}
