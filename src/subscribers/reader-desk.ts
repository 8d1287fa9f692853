import type { Clock } from '../clock.ts';
import {
  type ParsedReader,
  parseReaderFields,
  type ReaderChoices,
  type ReaderFields,
  type ReaderTexts,
} from './reader-fields.ts';
import type { AddOutcome, SubscriberStore } from './subscriber-store.ts';

/** What adding a reader by hand needs. */
export interface ReaderDesk {
  readonly store: Pick<SubscriberStore, 'addSubscribers'>;
  readonly clock: Clock;
}

export interface AddedReader {
  readonly outcome: AddOutcome;
  readonly email: string;
  readonly newsletters: readonly string[];
}

/** A reader as typed by an operator; of the first newsletter where none is named. */
export function readReader(texts: ReaderTexts, choices: ReaderChoices): ParsedReader {
  const parsed = parseReaderFields(texts, choices);
  if (!parsed.ok || parsed.reader.newsletters.length > 0) return parsed;
  const newsletters = choices.newsletters.slice(0, 1);
  if (newsletters.length > 0) return { ok: true, reader: { ...parsed.reader, newsletters } };
  return { ok: false, field: 'newsletters', reason: 'The publication has no newsletter; silkpost.yaml names them.' };
}

/** Makes an active reader by an operator's word, also of one who had left. */
export async function addReader({ store, clock }: ReaderDesk, reader: ReaderFields): Promise<AddedReader> {
  const [outcome = 'unchanged'] = await store.addSubscribers(
    [{ ...reader, source: 'operator', consent: "The operator's word.", sample: false }],
    clock.now(),
  );
  return { outcome, email: reader.email, newsletters: reader.newsletters };
}

/** What was done, as a sentence. */
export function describeAdded({ outcome, email, newsletters }: AddedReader): string {
  const names = newsletters.join(', ');
  const sentences: Readonly<Record<AddOutcome, string>> = {
    added: `${email} receives ${names} from now on.`,
    updated: `${email} is changed, and receives ${names}.`,
    unchanged: `${email} receives ${names} already; nothing is changed.`,
    left: `${email} has left ${names}; nothing is changed.`,
    suppressed: `${email} is suppressed and gets no mail; nothing is changed.`,
  };
  return sentences[outcome];
}
