import type { Edition, EditionState } from '../../../digest/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';

const tabs = {
  content: { title: 'Content', path: '', right: 'editions:view' },
  preflight: { title: 'Preflight', path: '/preflight', right: 'editions:view' },
  sending: { title: 'Sending', path: '/sending', right: 'editions:view' },
  readers: { title: 'Readers', path: '/readers', right: 'readers:view' },
} as const;

export type EditionTab = keyof typeof tabs;

const steps = ['Drafted', 'Approved', 'Sending', 'Sent'] as const;

/** How many of the steps lie behind an edition in each state. */
const stepsDone: Readonly<Record<EditionState, number>> = {
  draft: 1,
  held: 1,
  skipped: 1,
  cancelled: 1,
  approved: 2,
  paused: 2,
  sending: 2,
  sent: 4,
};

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
<ol class="steps" aria-label="How far it has come">${steps.map((name, index) => {
    const place = index < done ? 'done' : index === done && !isOver ? 'now' : 'later';
    return html`<li class="${place}"${place === 'now' ? html` aria-current="step"` : nothing}>${name}</li>`;
  })}</ol>
<nav class="tabs" aria-label="This edition"><ul>${Object.entries(tabs).map(([name, { title, path, right }]) =>
    may(right)
      ? html`<li><a href="${consolePath(`/editions/${encodeURIComponent(edition.id)}${path}`)}"${name === current ? html` aria-current="page"` : nothing}>${title}</a></li>`
      : nothing,
  )}</ul></nav></div>`;
}
