import { piecesFor } from '../../../digest/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { defaultLanguage } from '../../../site.ts';
import { html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { timeText } from '../html/time-text.ts';
import type { ComposedPlace } from './composed-place.ts';
import { languageName } from './texts-form.ts';
import { variantsTable } from './variants-part.ts';

/** What was frozen, whatever became of the articles since. */
export async function frozenContent(
  app: ConsoleApp,
  request: ConsoleRequest,
  { edition, title, head, pathOf, ...place }: ComposedPlace,
): Promise<Response> {
  const { editions, newsletters } = app.composing;
  const all = await editions.listPieces(edition.id);
  const pieces = piecesFor(all, defaultLanguage(app.site), app.site);
  const variants = await editions.listVariants(edition.id);
  const counts = await editions.getCounts(edition.id);
  const zone = newsletters.find(({ name }) => name === edition.newsletter)?.timezone;
  const told = new Map(
    all.flatMap(({ stories, besides }) => [...stories, ...besides].map((one) => [`${one.storyKey}\n${one.lang}`, one])),
  );
  const mails = variants.map(({ number, lang, stories, subject, readers }) => {
    const lead = told.get(`${stories[0]?.key}\n${stories[0]?.lang}`);
    return {
      choice: `v${number}`,
      lang,
      lead: { title: lead?.title ?? subject, lang: lead?.lang ?? lang },
      stories: stories.length,
      readers,
    };
  });
  const { subjects, preheaders, leftOut } = edition.arrangement;
  return consolePage(request, {
    title,
    section: 'editions',
    aside: html`for ${timeText(request.operator, edition.dueAt, zone)}`,
    main: html`${head}<div class="cards two"><section class="card" aria-labelledby="stories"><header><h2 id="stories">Stories</h2><p>Frozen ${timeText(request.operator, edition.frozenAt ?? edition.dueAt)}</p></header>
<ol class="stories">${pieces?.stories.map(
      (story) =>
        html`<li><p class="story-title" lang="${story.lang}" dir="${directionOf(story.lang)}">${story.title}</p></li>\n`,
    )}</ol>${leftOut.length === 0 ? nothing : html`<p class="help">Left out: ${leftOut.length}.</p>`}</section>
<div><section class="card" aria-labelledby="readers"><header><h2 id="readers">Who gets what</h2></header><p>${counts.candidates.toLocaleString('en')} looked at, ${counts.excluded.toLocaleString('en')} left out.</p>
${variantsTable(
  request,
  { edition, title, head, pathOf, ...place },
  mails.toSorted((a, b) => (b.readers ?? 0) - (a.readers ?? 0)),
)}</section>
<section class="card" aria-labelledby="deeds"><header><h2 id="deeds">Look at it</h2></header><div class="acts"><a class="button" href="${request.consolePath(pathOf('/preview'))}">Preview</a></div></section></div>
${
  Object.keys(subjects).length + Object.keys(preheaders).length === 0
    ? nothing
    : html`<section class="card span" aria-labelledby="texts"><header><h2 id="texts">Subject and preheader</h2></header><dl class="texts">${app.site.languages.map(
        (lang) =>
          html`${[subjects[lang], preheaders[lang]].map((text) =>
            text === undefined
              ? nothing
              : html`<dt>${languageName(lang)}</dt><dd lang="${lang}" dir="${directionOf(lang)}">${text}</dd>`,
          )}`,
      )}</dl></section>`
}</div>`,
  });
}
