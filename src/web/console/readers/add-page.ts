import { addReader, describeAdded, type ReaderTexts, readReader } from '../../../subscribers/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field, selectField, tickList } from '../html/form.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import type { ConsoleReaders } from './console-readers.ts';
import { readerSubject } from './reader-subject.ts';
import { languageText } from './reader-words.ts';

/** `/console/readers/add`: a reader by the operator’s word. */
export function addPage({ readers }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return formPage(readers, request, new URLSearchParams(), {});
}

/** The button. */
export async function addByHand(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { readers, audit } = app;
  const form = await request.form();
  const texts: ReaderTexts = {
    email: (form.get('email') ?? '').trim(),
    name: form.get('name') ?? '',
    languages: form.getAll('lang').filter((lang) => lang !== ''),
    countries: form.getAll('country'),
    topics: form.getAll('topic'),
    newsletters: form.getAll('newsletter'),
    timezone: '',
  };
  if (!form.has('vouch'))
    return refused(formPage(readers, request, form, { vouch: 'Without that nobody may be added.' }));
  const read = readReader(texts, readers.choices);
  if (!read.ok) return refused(formPage(readers, request, form, { [fieldNames[read.field]]: read.reason }));
  const { email, newsletters, languages, countries, topics } = read.reader;
  const deed = {
    operator: request.operator,
    action: 'readers.add',
    subject: await readerSubject(readers, email),
    after: { newsletters, languages, countries, topics },
  };
  const added = await audit.around(deed, () => addReader(readers, read.reader));
  const found = await readers.store.findByEmail(added.email);
  return seeOther(request, found === null ? '/readers' : `/readers/${found.subscriber.id}`, describeAdded(added));
}

const fieldNames: Readonly<Record<keyof ReaderTexts, string>> = {
  email: 'email',
  name: 'name',
  languages: 'lang',
  countries: 'country',
  topics: 'topic',
  newsletters: 'newsletter',
  timezone: 'email',
};

function formPage(
  readers: ConsoleReaders,
  request: ConsoleRequest,
  form: URLSearchParams,
  errors: FieldErrors,
): Promise<Response> {
  const { choices, newsletterTitles } = readers;
  const titled = (name: string): string => newsletterTitles.get(name) ?? name;
  return consolePage(request, {
    title: 'Add a reader',
    section: 'readers',
    main: html`<section class="card" aria-label="The reader">${errorSummary(errors)}
<form method="post" action="${request.consolePath('/readers/add')}">
${field({ name: 'email', label: 'Address', value: form.get('email') ?? '', errors, required: true, autofocus: true })}
${field({ name: 'name', label: 'Name', value: form.get('name') ?? '', help: 'Shown in the To field; may be empty.', errors })}
${selectField({
  name: 'lang',
  label: 'Language',
  value: form.get('lang') ?? '',
  errors,
  options: choices.languages.map((lang) => ({ value: lang, label: languageText(lang) })),
})}
${ticks('newsletter', 'Newsletters', choices.newsletters, titled, form, errors)}
${ticks('country', 'Countries; none means all', choices.countries, (key) => key, form, errors)}
${ticks('topic', 'Topics; none means all', choices.topics, (key) => key, form, errors)}
<p class="tick"><input type="checkbox" id="vouch" name="vouch" value="yes"${form.has('vouch') ? html` checked` : nothing}${errors['vouch'] === undefined ? nothing : html` aria-invalid="true" aria-describedby="vouch-error"`}><label for="vouch">I vouch that this person asked for it</label></p>
${errors['vouch'] === undefined ? nothing : html`<p class="error" id="vouch-error">${errors['vouch']}</p>`}
<p class="help">It is recorded as your word. Somebody who had left comes back by it; a suppressed address stays out.</p>
<div class="acts"><button class="button main">Add</button> <a class="button" href="${request.consolePath('/readers')}">Not now</a></div>
</form></section>`,
  });
}

function ticks(
  name: string,
  label: string,
  keys: readonly string[],
  title: (key: string) => string,
  form: URLSearchParams,
  errors: FieldErrors,
): Html | '' {
  if (keys.length === 0) return nothing;
  const options = keys.map((key) => ({ value: key, label: title(key) }));
  return tickList({ name, label, options, chosen: form.getAll(name), errors });
}
