import { isPauseOver, parsePauseDay, pauseDays, type Subscription } from '../../../subscribers/index.ts';
import { type Html, html } from '../../html/html.ts';
import { type FieldErrors, field, selectField } from '../html/form.ts';
import type { DeedReader, ReaderDeed } from './reader-deed.ts';

/** Takes a reader off one newsletter, or all. */
export const leaveDeed: ReaderDeed = {
  name: 'leave',
  title: 'Take off a newsletter',
  button: 'Take off',
  isGrave: true,
  isOffered: (reader) => wanted(reader).length > 0,
  ask: (
    reader,
    form,
    errors,
  ) => html`<p>They get it no more, from the next edition on; what is queued for them isn’t sent. It stands in the record of their consents as your doing. They can come back by themselves, on their page or at the form; no imported file makes them a reader again.</p>
${newsletterField(reader, wanted(reader), form, errors)}`,
  plan(reader, form) {
    const chosen = readNewsletters(wanted(reader), form);
    if (chosen === null) return unknownNewsletter;
    return {
      ok: true,
      before: { newsletters: wanted(reader) },
      after: { left: chosen },
      async act() {
        const { readers, record, request } = reader;
        for (const name of chosen) await readers.store.leave(record.subscriber.id, name, 'operator', request.now);
        return `The reader is off ${titles(reader, chosen)}.`;
      },
    };
  },
};

/** Has a newsletter, or all, not come for a while. */
export const pauseDeed: ReaderDeed = {
  name: 'pause',
  title: 'Pause a newsletter',
  button: 'Pause',
  isGrave: false,
  isOffered: (reader) => running(reader).length > 0,
  ask: (reader, form, errors) => html`${newsletterField(reader, running(reader), form, errors)}
${field({
  name: 'until',
  label: 'Until the day',
  type: 'date',
  value: form.get('until') ?? '',
  help: `From then on it comes again by itself, at most a year ahead, as days are in ${reader.readers.timezone}. Without a day: until they or you resume it.`,
  errors,
})}`,
  plan(reader, form) {
    const { readers, record, request } = reader;
    const chosen = readNewsletters(running(reader), form);
    if (chosen === null) return unknownNewsletter;
    const day = (form.get('until') ?? '').trim();
    const pausedUntil = day === '' ? null : parsePauseDay(day, readers.timezone, request.now);
    if (day !== '' && pausedUntil === null) {
      const { first, last } = pauseDays(readers.timezone, request.now);
      return { ok: false, errors: { until: `The pause can end on a day from ${first} to ${last}.` } };
    }
    return {
      ok: true,
      after: { paused: chosen, until: pausedUntil },
      async act() {
        for (const name of chosen) {
          await readers.preferences.ease(record.subscriber.id, name, { pausedUntil }, 'operator', request.now);
        }
        return `${titles(reader, chosen)} is paused for the reader${day === '' ? '' : ` until ${day}`}.`;
      },
    };
  },
};

/** Ends a pause before its time. */
export const resumeDeed: ReaderDeed = {
  name: 'resume',
  title: 'Resume a newsletter',
  button: 'Resume',
  isGrave: false,
  isOffered: (reader) => paused(reader).length > 0,
  ask: (reader, form, errors) => html`<p>It comes again from the next edition on.</p>
${newsletterField(reader, paused(reader), form, errors)}`,
  plan(reader, form) {
    const { readers, record, request } = reader;
    const chosen = readNewsletters(paused(reader), form);
    if (chosen === null) return unknownNewsletter;
    return {
      ok: true,
      after: { resumed: chosen },
      async act() {
        for (const name of chosen) {
          await readers.preferences.resume(record.subscriber.id, name, 'operator', request.now);
        }
        return `${titles(reader, chosen)} comes again, from the next edition on.`;
      },
    };
  },
};

const unknownNewsletter = { ok: false, errors: { newsletter: 'Choose one of these.' } } as const;

function wanted({ record }: DeedReader): string[] {
  return namesOf(record.subscriptions.filter(({ state }) => state !== 'left'));
}

function paused({ record, request }: DeedReader): string[] {
  return namesOf(record.subscriptions.filter((one) => one.state === 'paused' && !isPauseOver(one, request.now)));
}

function running(reader: DeedReader): string[] {
  const resting = paused(reader);
  return wanted(reader).filter((name) => !resting.includes(name));
}

function namesOf(subscriptions: readonly Subscription[]): string[] {
  return subscriptions.map(({ newsletter }) => newsletter);
}

function newsletterField(
  reader: DeedReader,
  names: readonly string[],
  form: URLSearchParams,
  errors: FieldErrors,
): Html {
  const { newsletterTitles } = reader.readers;
  const each = names.map((name) => ({ value: name, label: newsletterTitles.get(name) ?? name }));
  const all = names.length > 1 ? [{ value: '*', label: 'All of them' }] : [];
  return selectField({
    name: 'newsletter',
    label: 'Newsletter',
    value: form.get('newsletter') ?? '',
    errors,
    options: [...each, ...all],
  });
}

/** Null for what isn’t offered. */
function readNewsletters(names: readonly string[], form: URLSearchParams): readonly string[] | null {
  const chosen = form.get('newsletter') ?? '';
  if (chosen === '*') return names;
  return names.includes(chosen) ? [chosen] : null;
}

function titles({ readers }: DeedReader, names: readonly string[]): string {
  return names.map((name) => readers.newsletterTitles.get(name) ?? name).join(', ');
}
