import { automaticTexts, fillSlots, letterTexts, type Variant } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import { directionOf } from '../../../i18n/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { mailAnswer } from '../html/mail-frame.ts';
import { letterPart, notDrawnMail, notDrawnPart } from '../html/not-drawn.ts';
import { type ComposedPlace, getComposed } from './composed-place.ts';
import { everything, type LetterWish, lookForLetter } from './proof-letter.ts';
import { type MailLook, shownMail } from './shown-mail.ts';
import { languageName } from './texts-form.ts';

const shapes = { phone: 'Phone', desktop: 'Desktop', text: 'Plain text', source: 'Source' } as const;
const schemes = { light: 'Light', dark: 'Dark' } as const;
const pictures = { on: 'Shown', off: 'Blocked' } as const;

interface Look extends LetterWish, MailLook {
  readonly shape: keyof typeof shapes;
}

/** `/console/editions/:id/preview`: a letter of the edition in every way that it may be seen. */
export async function previewPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  const look = lookOf(app, request);
  const isText = look.shape === 'text' || look.shape === 'source';
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}<section class="card" aria-labelledby="preview"><header><h2 id="preview">Preview</h2><p><a href="${request.consolePath(place.pathOf(''))}">Back to the content</a></p></header>
<div class="looks">${choices(request, place, look, 'Language', 'lang', Object.fromEntries(app.site.languages.map((lang) => [lang, languageName(lang)])), look.lang)}
${choices(request, place, look, 'Shown as', 'as', shapes, look.shape)}
${
  isText
    ? nothing
    : html`${choices(request, place, look, 'Colours', 'scheme', schemes, look.scheme)}
${choices(request, place, look, 'Pictures', 'images', pictures, look.images ? 'on' : 'off')}`
}</div>
<p class="help">${look.choice === everything ? 'As readers get it who chose neither countries nor topics.' : 'As the readers get it who share this mail.'} Its links lead to nobody’s subscription.</p>
${await shownLetter(app, request, place, look)}
${request.may('editions:edit') ? html`<div class="acts"><a class="button" href="${request.consolePath(place.pathOf(`/test?${queryOf(look, {})}`))}">Send a test of it</a></div>` : nothing}</section>`,
  });
}

/** The letter’s HTML alone, for the frame: without scripts, forms and our origin. */
export async function previewMail(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const look = lookOf(app, request);
  const variant = await getLetter(app, await getComposed(app, request), look);
  return mailAnswer(variant === 'drawing' ? notDrawnMail : shownMail(withLinks(app, variant).html, look));
}

/** The letter as it is wanted; until it is drawn, what asks for itself again. */
async function shownLetter(app: ConsoleApp, request: ConsoleRequest, place: ComposedPlace, look: Look): Promise<Html> {
  const variant = await getLetter(app, place, look);
  const isText = look.shape === 'text' || look.shape === 'source';
  const top = isText ? nothing : await glance(app, place, look, variant);
  if (variant === 'drawing') {
    const here = request.consolePath(place.pathOf(`/preview?${queryOf(look, {})}`));
    return notDrawnPart(here, top);
  }
  return letterPart(html`${top}${isText ? await source(app, place, look, variant) : frame(request, place, look)}`);
}

/** What lists of mail show of the letter, as far as that is known without drawing it. */
async function glance(
  app: ConsoleApp,
  { edition }: ComposedPlace,
  look: Look,
  variant: Variant | 'drawing',
): Promise<Html | ''> {
  if (edition.frozenAt !== null) return variant === 'drawing' ? nothing : heading(variant);
  if (look.choice !== everything) return nothing;
  const stories = (await app.composing.desk.select(edition)).chosen.map(({ story }) => story);
  const automatic = automaticTexts(app.site, look.lang, stories);
  const first = stories[0]?.key;
  if (automatic === null) return nothing;
  return heading({
    lang: look.lang,
    ...automatic,
    ...letterTexts(edition.arrangement, look.lang, { first, lead: first }),
  });
}

function heading({ lang, subject, preheader }: Pick<Variant, 'lang' | 'subject' | 'preheader'>): Html {
  return html`<dl class="letter"><dt>Subject</dt><dd lang="${lang}" dir="auto">${subject}</dd><dt>Preheader</dt><dd lang="${lang}" dir="auto">${preheader}</dd></dl>`;
}

function frame(request: ConsoleRequest, place: ComposedPlace, look: Look): Html {
  const path = request.consolePath(place.pathOf(`/preview/mail?${queryOf(look, {})}`));
  const letter = html`<iframe class="proof ${look.shape} ${look.scheme}" title="The letter in ${languageName(look.lang)}" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${path}"></iframe>`;
  return look.shape === 'phone' ? letter : html`<div class="desktop">${letter}</div>`;
}

async function source(app: ConsoleApp, place: ComposedPlace, look: Look, variant: Variant): Promise<Html> {
  if (look.shape === 'source') {
    const message = await app.composing.previewMessage(place.edition.newsletter, variant);
    return html`<pre class="report" dir="ltr" tabindex="0">${message.toString('utf8')}</pre>`;
  }
  return html`${heading(variant)}
${variant.sizeWarning === null ? nothing : html`<p class="help waiting">${variant.sizeWarning}</p>`}
<pre class="report" lang="${variant.lang}" dir="${directionOf(variant.lang)}" tabindex="0">${withLinks(app, variant).text}</pre>`;
}

async function getLetter(app: ConsoleApp, place: ComposedPlace, look: LetterWish): Promise<Variant | 'drawing'> {
  const variant = await lookForLetter(app, place, look);
  if (variant) return variant;
  throw new AppError('not_found', 'Nothing is in this edition, so that there is no letter to look at.');
}

function withLinks({ site }: ConsoleApp, variant: Variant) {
  return fillSlots(variant, {
    unsubscribeUrl: `${site.url}/unsubscribe/preview`,
    preferencesUrl: `${site.url}/preferences/preview`,
  });
}

function lookOf({ site }: ConsoleApp, { query }: ConsoleRequest): Look {
  const lang = query.get('lang') ?? '';
  return {
    lang: site.languages.includes(lang) ? lang : (site.languages[0] ?? 'en'),
    choice: query.get('choice') ?? everything,
    shape: keyOf(shapes, query.get('as')) ?? 'desktop',
    scheme: keyOf(schemes, query.get('scheme')) ?? 'light',
    images: query.get('images') !== 'off',
  };
}

function keyOf<Key extends string>(known: Readonly<Record<Key, string>>, text: string | null): Key | null {
  for (const key in known) if (key === text) return key;
  return null;
}

function queryOf({ lang, choice, shape, scheme, images }: Look, changes: Readonly<Record<string, string>>): string {
  const query = { lang, choice, as: shape, scheme, images: images ? 'on' : 'off' };
  return String(new URLSearchParams({ ...query, ...changes }));
}

/** One row of links; another language shows the letter with everything. */
function choices(
  { consolePath }: ConsoleRequest,
  { pathOf }: ComposedPlace,
  look: Look,
  title: string,
  name: string,
  options: Readonly<Record<string, string>>,
  current: string,
): Html {
  return html`<nav aria-label="${title}"><p>${title}</p><ul>${Object.entries(options).map(([value, label]) => {
    const changes = { [name]: value, ...(name === 'lang' ? { choice: everything } : {}) };
    return html`<li><a href="${consolePath(pathOf(`/preview?${queryOf(look, changes)}`))}"${value === current ? html` aria-current="true"` : nothing}>${label}</a></li>`;
  })}</ul></nav>`;
}
