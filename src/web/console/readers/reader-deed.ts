import type { ReaderRecord } from '../../../subscribers/index.ts';
import type { Html } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { FieldErrors } from '../html/form.ts';
import type { ConsoleReaders } from './console-readers.ts';

/** Something that an operator does to one reader, after a page that says what it comes to. */
export interface ReaderDeed {
  /** The last part of its path; behind `readers.` its name in the audit log. */
  readonly name: string;
  /** As the reader’s page offers it, and as its own page is called. */
  readonly title: string;
  /** On the button that does it. */
  readonly button: string;
  /** Whether it can’t be undone by the next click. */
  readonly isGrave: boolean;
  isOffered(reader: DeedReader): boolean;
  /** What it comes to, and what it has to be told; the form’s fields. */
  ask(reader: DeedReader, form: URLSearchParams, errors: FieldErrors): Html;
  /** What will be done by this form, or what is wrong with it. */
  plan(reader: DeedReader, form: URLSearchParams): DeedPlan;
}

export interface DeedReader {
  readonly record: ReaderRecord;
  /** The reader’s; a deed is offered only to whom it can be done. */
  readonly email: string;
  readonly readers: ConsoleReaders;
  readonly request: ConsoleRequest;
}

export type DeedPlan =
  | {
      readonly ok: true;
      /** For the audit log, as JSON takes it: nothing that tells who the reader is. */
      readonly before?: unknown;
      readonly after?: unknown;
      /** Returns what was done, as a sentence. */
      act(): Promise<string>;
    }
  | { readonly ok: false; readonly errors: FieldErrors };
