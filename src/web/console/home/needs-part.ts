import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleHome } from './console-home.ts';
import { listNeeds } from './list-needs.ts';
import type { Need } from './need.ts';
import { withTimes } from './sentence-times.ts';

/** What needs a person now, and when the doctor last looked. */
export async function needsPart(request: ConsoleRequest, home: ConsoleHome): Promise<Html> {
  const needs = await listNeeds(request, home);
  return html`<header><h2 id="desk-needs-head">What needs you</h2>${await doctorLine(request, home)}</header>
${needs.length === 0 ? html`<p class="good all-well">Nothing needs you.</p>` : html`<ul class="needs">${needs.map((need) => needItem(request, need))}</ul>`}`;
}

function needItem({ operator, may, consolePath }: ConsoleRequest, { level, sentence, advice, place }: Need): Html {
  return html`<li class="${level}"><div><p><b>${withTimes(operator, sentence)}</b></p>${advice === null ? nothing : html`<p>${withTimes(operator, advice)}</p>`}</div>${
    place === null || !may(place.right)
      ? nothing
      : html`<a class="button" href="${consolePath(place.path)}">${place.name}</a>`
  }</li>
`;
}

async function doctorLine({ operator, may, consolePath }: ConsoleRequest, { doctor }: ConsoleHome): Promise<Html> {
  const last = await doctor.findLast();
  const when = last === null ? html`never yet` : timeText(operator, last.at);
  if (doctor.isLooking()) return html`<p class="doctor">DNS, relay, clock and disk are just being looked at.</p>`;
  const button = may('editions:send')
    ? html` <form method="post" action="${consolePath('/desk/doctor')}"><button class="plain">Look now</button></form>`
    : nothing;
  return html`<div class="doctor"><p>DNS, relay, clock and disk looked at: ${when}.</p>${button}</div>`;
}
