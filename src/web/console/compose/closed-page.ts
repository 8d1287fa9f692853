import { directionOf } from '../../../i18n/index.ts';
import { html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import type { ComposedPlace } from './composed-place.ts';
import { kinds, languageName, type TypedTexts, textName } from './texts-form.ts';

/** Why nothing more can be done to what an edition holds, with what was typed for it, which would be lost otherwise. */
export function closedPage(
  { site }: ConsoleApp,
  request: ConsoleRequest,
  { title, head }: ComposedPlace,
  typed: TypedTexts = {},
): Response | Promise<Response> {
  const texts = site.languages.flatMap((lang) =>
    kinds.flatMap((kind) => {
      const text = typed[textName(kind, lang)] ?? '';
      return text === ''
        ? []
        : [html`<dt>${languageName(lang)}</dt><dd lang="${lang}" dir="${directionOf(lang)}">${text}</dd>`];
    }),
  );
  return consolePage(request, {
    title,
    section: 'editions',
    status: 409,
    main: html`${head}<div class="note bad" role="alert"><p>What this edition holds can’t be changed any more: it is being made, or is over.</p></div>
${texts.length === 0 ? nothing : html`<section class="card" aria-labelledby="typed"><header><h2 id="typed">What you typed</h2></header><dl class="texts">${texts}</dl></section>`}`,
  });
}
