import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { App } from '../app.ts';
import type { Clock } from '../clock.ts';
import type { Newsletter } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Site } from '../site.ts';
import {
  type AddOutcome,
  addReader,
  describeAdded,
  parseEmailAddress,
  readerChoices,
  readReader,
  type SubscriberStore,
  type SubscriberWithSubscriptions,
} from '../subscribers/index.ts';
import type { Invocation } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** What the `subscribers` commands work on. */
export interface SubscriberDesk {
  readonly store: SubscriberStore;
  readonly site: Site;
  readonly newsletters: readonly Newsletter[];
  readonly clock: Clock;
  readonly terminal: Pick<Terminal, 'say' | 'status'>;
  /** Where results go: stdout. Left open. */
  readonly output: Writable;
}

export function deskOf(app: App, { terminal }: Invocation): SubscriberDesk {
  return {
    store: app.subscribers,
    site: app.config.site,
    newsletters: app.config.newsletters,
    clock: app.clock,
    terminal,
    output: process.stdout,
  };
}

export interface AddOptions {
  readonly name?: string;
  /** The first newsletter where none is named. */
  readonly newsletters?: readonly string[];
  /** In order of preference. */
  readonly languages?: readonly string[];
  readonly countries?: readonly string[];
  readonly topics?: readonly string[];
}

export interface AddResult {
  readonly exitCode: ExitCode;
  readonly email: string;
  readonly outcome: AddOutcome;
  readonly newsletters: readonly string[];
}

/**
 * `subscribers add EMAIL`: an active subscriber by the operator's word, also where the reader had left.
 *
 * @throws AppError `invalid` for what isn't an address or isn't known; the sentence names what is.
 */
export async function addSubscriber(desk: SubscriberDesk, email: string, options: AddOptions): Promise<AddResult> {
  const texts = {
    email: email.trim(),
    name: options.name ?? '',
    languages: options.languages ?? [],
    countries: options.countries ?? [],
    topics: options.topics ?? [],
    newsletters: options.newsletters ?? [],
    timezone: '',
  };
  const read = readReader(texts, readerChoices(desk.site, desk.newsletters));
  if (!read.ok) throw new AppError('invalid', read.reason);
  const added = await addReader(desk, read.reader);
  const { outcome, newsletters } = added;
  desk.terminal.say(describeAdded(added));
  return {
    exitCode: outcome === 'suppressed' ? exitCodes.fault : exitCodes.done,
    email: added.email,
    outcome,
    newsletters,
  };
}

/**
 * `subscribers remove EMAIL`: leaves every newsletter; the history stays.
 *
 * @throws AppError `invalid` for what isn't an address, `not_found` for one that nobody has.
 */
export async function removeSubscriber(
  desk: SubscriberDesk,
  email: string,
): Promise<{ exitCode: ExitCode; email: string; left: readonly string[] }> {
  const parsed = parseEmailAddress(email.trim());
  if (!parsed.ok) throw new AppError('invalid', parsed.reason);
  const { text } = parsed.address;
  const found = await desk.store.findByEmail(text);
  if (found === null) throw new AppError('not_found', `There is no subscriber ${text}.`);
  const left = found.subscriptions.filter(({ state }) => state !== 'left').map(({ newsletter }) => newsletter);
  await desk.store.leaveAll(found.subscriber.id, 'operator', desk.clock.now());
  desk.terminal.say(left.length > 0 ? `${text} has left ${left.join(', ')}.` : `${text} had left everything before.`);
  return { exitCode: exitCodes.done, email: text, left };
}

export interface ListOptions {
  readonly newsletter?: string;
  /** `jsonl` a line per reader, `json` one document, `text` tab-separated columns. Default `text`. */
  readonly format?: 'text' | 'json' | 'jsonl';
}

/** `subscribers list`: in order of address, streamed. Returns how many. */
export async function listSubscribersCommand(
  desk: SubscriberDesk,
  options: ListOptions,
): Promise<{ exitCode: ExitCode; count: number }> {
  let count = 0;
  const format = options.format ?? 'text';
  async function* lines(): AsyncGenerator<string> {
    if (format === 'json') yield '[';
    for await (const reader of desk.store.listSubscribers(filterOf(desk, options.newsletter))) {
      const text = visible(format === 'text' ? textRow(reader) : JSON.stringify(record(reader)));
      yield format === 'json' ? `${count > 0 ? ',' : ''}\n${text}` : `${text}\n`;
      count += 1;
    }
    if (format === 'json') yield '\n]\n';
  }
  await pipeline(Readable.from(lines()), desk.output, { end: false });
  if (format === 'text') desk.terminal.say(count === 1 ? '1 subscriber' : `${count} subscribers`);
  return { exitCode: exitCodes.done, count };
}

export function usualNewsletters({ newsletters }: SubscriberDesk): string[] {
  const [first] = newsletters;
  if (!first) throw new AppError('invalid', 'The publication has no newsletter; silkpost.yaml names them.');
  return [first.name];
}

export function filterOf(desk: SubscriberDesk, newsletter: string | undefined): { newsletter?: string } {
  if (newsletter === undefined) return {};
  getKnown(newsletter, readerChoices(desk.site, desk.newsletters).newsletters);
  return { newsletter };
}

export function getKnown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new AppError('invalid', `There is no newsletter "${name}". Known: ${known.join(', ')}.`);
}

function record({ subscriber, subscriptions }: SubscriberWithSubscriptions) {
  const { id, email, name, lang, languages, countries, topics, timezone, state, sample, createdAt } = subscriber;
  const kept = subscriptions.map(({ newsletter, state: of, since, source, rhythm, pausedUntil }) => ({
    newsletter,
    state: of,
    since,
    source,
    rhythm,
    pausedUntil,
  }));
  return {
    id,
    email,
    name,
    lang,
    languages,
    countries,
    topics,
    timezone,
    state,
    sample,
    createdAt,
    subscriptions: kept,
  };
}

function textRow({ subscriber, subscriptions }: SubscriberWithSubscriptions): string {
  const newsletters = subscriptions
    .map(({ newsletter, state }) => (state === 'active' ? newsletter : `${newsletter} (${state})`))
    .join(', ');
  const choice = [...subscriber.countries, ...subscriber.topics].join(', ') || 'everything';
  return [subscriber.email, subscriber.state, subscriber.languages.join(', '), newsletters || '-', choice].join('\t');
}
