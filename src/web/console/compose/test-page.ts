import { AppError, sentenceOf } from '../../../errors.ts';
import { parseEmailAddress } from '../../../subscribers/index.ts';
import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { errorSummary, type FieldErrors, field, selectField } from '../html/form.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { type ComposedPlace, getComposed } from './composed-place.ts';
import { everything, findLetter } from './proof-letter.ts';
import { languageName } from './texts-form.ts';

const most = 10;

interface Typed {
  readonly addresses: string;
  readonly lang: string;
  readonly choice: string;
}

/** `/console/editions/:id/test`: a copy to somebody who looks at it. */
export async function testPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { query, operator } = request;
  return form(app, request, await getComposed(app, request), {
    addresses: operator.email,
    lang: query.get('lang') ?? '',
    choice: query.get('choice') ?? everything,
  });
}

export async function sendTest(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  const posted = await request.form();
  const typed = {
    addresses: posted.get('addresses') ?? '',
    lang: posted.get('lang') ?? '',
    choice: posted.get('choice') ?? everything,
  };
  const refuse = (sentence: string) => refused(form(app, request, place, typed, { addresses: sentence }));
  const words = typed.addresses.split(/[\s,;]+/).filter((word) => word !== '');
  const addresses: string[] = [];
  for (const word of words) {
    const parsed = parseEmailAddress(word);
    if (!parsed.ok) return refuse(`“${word}”: ${parsed.reason}`);
    addresses.push(parsed.address.text);
  }
  if (addresses.length === 0) return refuse('Type at least one address.');
  if (addresses.length > most)
    return refuse(`A test goes to ${most} addresses at most; these are ${addresses.length}.`);
  const variant = await findLetter(app, place, typed).catch((error: unknown) => {
    // As for a template that doesn’t compile: whoever mends it comes back to what they typed.
    if (!(error instanceof AppError)) throw error;
    return error;
  });
  if (variant instanceof AppError) return refuse(`It can’t be sent: ${sentenceOf(variant)}`);
  if (variant === null) return refuse('Nothing is in this edition, so that there is nothing to send.');
  const { operator } = request;
  const { id, newsletter } = place.edition;
  // Whose addresses they were isn’t recorded: readers’ may be among them.
  const deed = {
    operator,
    action: 'editions.test',
    subject: id,
    after: { copies: addresses.length, lang: variant.lang },
  };
  const failed = await app.audit.around(deed, async () => {
    const faults: string[] = [];
    for (const address of addresses) {
      await app.composing.sendTest(newsletter, variant, address).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
        faults.push(sentenceOf(error));
      });
    }
    return faults;
  });
  if (failed.length > 0)
    return refuse(`${addresses.length - failed.length} of ${addresses.length} were sent. ${failed.join(' ')}`);
  const copies = addresses.length === 1 ? 'One copy went' : `${addresses.length} copies went`;
  return seeOther(request, place.pathOf(''), `${copies} to ${addresses.join(', ')}: “[Test] ${variant.subject}”.`);
}

function form(
  app: ConsoleApp,
  request: ConsoleRequest,
  { title, head, pathOf }: ComposedPlace,
  { addresses, lang, choice }: Typed,
  errors: FieldErrors = {},
): Promise<Response> {
  return consolePage(request, {
    title,
    section: 'editions',
    main: html`${head}${errorSummary(errors)}<section class="card" aria-labelledby="test"><header><h2 id="test">Send a test</h2></header>
<p class="help">Its subject begins with [Test], its links lead to nobody’s subscription, and no reader’s delivery changes.</p>
<form method="post" action="${request.consolePath(pathOf('/test'))}"><input type="hidden" name="choice" value="${choice}">
${field({ name: 'addresses', label: 'To', value: addresses, help: `Up to ${most} addresses, with commas or blanks between them.`, errors, required: true })}
${selectField({ name: 'lang', label: 'Language', value: lang, options: app.site.languages.map((value) => ({ value, label: languageName(value) })) })}
<div class="acts"><button class="button main">Send it</button><a href="${request.consolePath(pathOf(''))}">Back</a></div></form></section>`,
  });
}
