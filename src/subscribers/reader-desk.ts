import type { Clock } from '../clock.ts';
import { parseReaderFields, type ReaderChoices, type ReaderTexts } from './reader-fields.ts';
import type { AddOutcome, SubscriberStore } from './subscriber-store.ts';

/** What adding a reader by hand needs. */
export interface ReaderDesk {
  readonly store: Pick<SubscriberStore, 'addSubscribers'>;
  readonly choices: ReaderChoices;
  readonly clock: Clock;
}

export type AddedReader =
  | {
      readonly kind: 'done';
      readonly outcome: AddOutcome;
      readonly email: string;
      readonly newsletters: readonly string[];
    }
  /** `reason` is a sentence for whoever typed it. */
  | { readonly kind: 'fault'; readonly field: keyof ReaderTexts; readonly reason: string };

/** An active reader by an operator's word, of the first newsletter where none is named; also one who had left. */
export async function addReader({ store, choices, clock }: ReaderDesk, texts: ReaderTexts): Promise<AddedReader> {
  const parsed = parseReaderFields(texts, choices);
  if (!parsed.ok) return { kind: 'fault', field: parsed.field, reason: parsed.reason };
  const { reader } = parsed;
  const newsletters = reader.newsletters.length > 0 ? reader.newsletters : choices.newsletters.slice(0, 1);
  if (newsletters.length === 0) {
    const reason = 'The publication has no newsletter; silkpost.yaml names them.';
    return { kind: 'fault', field: 'newsletters', reason };
  }
  const [outcome = 'unchanged'] = await store.addSubscribers(
    [{ ...reader, newsletters, source: 'operator', consent: "The operator's word.", sample: false }],
    clock.now(),
  );
  return { kind: 'done', outcome, email: reader.email, newsletters };
}

/** What was done, as a sentence. */
export function describeAdded({ outcome, email, newsletters }: Extract<AddedReader, { kind: 'done' }>): string {
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
