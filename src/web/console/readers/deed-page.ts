import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors } from '../html/form.ts';
import { messagePage } from '../html/message-page.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { findReader } from './find-reader.ts';
import type { DeedReader, ReaderDeed } from './reader-deed.ts';
import { addressText } from './reader-words.ts';

/** `/console/readers/:id/DEED`: what it comes to, with a button. */
export async function deedPage(app: ConsoleApp, request: ConsoleRequest, deed: ReaderDeed): Promise<Response> {
  const reader = await findDeedReader(app, request);
  if (reader === null) return messagePage(request, 'not_found');
  if (!deed.isOffered(reader)) return seeOther(request, `/readers/${reader.record.subscriber.id}`, notOffered);
  return askPage(reader, deed, new URLSearchParams(), {});
}

/** The button: done once, recorded before, and said on the reader’s page. */
export async function doDeed(app: ConsoleApp, request: ConsoleRequest, deed: ReaderDeed): Promise<Response> {
  const reader = await findDeedReader(app, request);
  if (reader === null) return messagePage(request, 'not_found');
  const { id } = reader.record.subscriber;
  if (!deed.isOffered(reader)) return seeOther(request, `/readers/${id}`, notOffered);
  const form = await request.form();
  const plan = deed.plan(reader, form);
  if (!plan.ok) return refused(askPage(reader, deed, form, plan.errors));
  const { before, after } = plan;
  const { operator } = request;
  const entry = { operator, action: `readers.${deed.name}`, subject: String(id), before, after };
  const said = await app.audit.around(entry, () => plan.act());
  return seeOther(request, `/readers/${id}`, said);
}

const notOffered = 'That doesn’t fit this reader (any more); nothing was done.';

/** Null where there never was anybody, or nobody any more. */
async function findDeedReader({ readers }: ConsoleApp, request: ConsoleRequest): Promise<DeedReader | null> {
  const record = await findReader(readers, request);
  if (record === null || record.subscriber.email === null) return null;
  return { record, email: record.subscriber.email, readers, request };
}

function askPage(reader: DeedReader, deed: ReaderDeed, form: URLSearchParams, errors: FieldErrors): Promise<Response> {
  const { request, record, email } = reader;
  const back = request.consolePath(`/readers/${record.subscriber.id}`);
  return consolePage(request, {
    title: deed.title,
    section: 'readers',
    main: html`<section class="card" aria-labelledby="whom"><header><h2 id="whom">${addressText(email)}</h2></header>
${errorSummary(errors)}
<form method="post" action="${back}/${deed.name}">
${deed.ask(reader, form, errors)}
<div class="acts"><button class="button ${deed.isGrave ? 'danger' : 'main'}">${deed.button}</button> <a class="button" href="${back}">Not now</a></div>
</form></section>`,
  });
}
