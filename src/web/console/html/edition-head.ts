import type { Edition } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { editionSteps, stepsDone } from './edition-steps.ts';

const tabs = {
  content: { title: 'Content', path: '', right: 'editions:view' },
  preflight: { title: 'Preflight', path: '/preflight', right: 'editions:view' },
  sending: { title: 'Sending', path: '/sending', right: 'editions:view' },
  readers: { title: 'Readers', path: '/readers', right: 'readers:view' },
} as const;

export type EditionTab = keyof typeof tabs;

/**
 * What stands over each page of an edition: its state, how far it has come, and the pages that it has.
 *
 * @param state its state as a sentence.
 */
export function editionHead(
  { may, consolePath }: ConsoleRequest,
  edition: Edition,
  current: EditionTab,
  state: string,
): Html {
  const done = stepsDone[edition.state];
  const isOver = edition.state === 'skipped' || edition.state === 'cancelled';
  return html`<div class="edition-head"><p class="state"><b>${state}</b></p>
<ol class="steps" aria-label="How far it has come">${editionSteps.map((name, index) => {
    const place = index < done ? 'done' : index === done && !isOver ? 'now' : 'later';
    return html`<li class="${place}"${place === 'now' ? html` aria-current="step"` : nothing}>${name}</li>`;
  })}</ol>
<nav class="tabs" aria-label="This edition"><ul>${Object.entries(tabs).map(([name, { title, path, right }]) =>
    may(right)
      ? html`<li><a href="${consolePath(`/editions/${encodeURIComponent(edition.id)}${path}`)}"${name === current ? html` aria-current="page"` : nothing}>${title}</a></li>`
      : nothing,
  )}</ul></nav></div>`;
}
