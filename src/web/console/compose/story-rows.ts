import type { Story } from '../../../content/index.ts';
import type { ChosenStory, OmittedStory } from '../../../digest/index.ts';
import { directionOf } from '../../../i18n/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ComposedPlace } from './composed-place.ts';
import { storyAnchor } from './story-anchor.ts';
import { whyChosen, whyOmitted } from './why-words.ts';

interface Act {
  readonly name: string;
  readonly title: string;
}

const acts = {
  up: { name: 'up', title: 'Up' },
  down: { name: 'down', title: 'Down' },
  pin: { name: 'pin', title: 'Pin' },
  unpin: { name: 'unpin', title: 'Unpin' },
  leaveOut: { name: 'leave_out', title: 'Leave out' },
  bringBack: { name: 'bring_back', title: 'Bring back' },
  putIn: { name: 'pin', title: 'Put in' },
} as const satisfies Readonly<Record<string, Act>>;

/** The stories of an edition in its order. */
export function chosenStories(request: ConsoleRequest, place: ComposedPlace, chosen: readonly ChosenStory[]): Html {
  const pinned = chosen.filter(({ why }) => why.kind === 'pinned').length;
  return html`<ol class="stories">${chosen.map(({ story, why }, index) => {
    const isPinned = index < pinned;
    const [first, last] = isPinned ? [0, pinned - 1] : [pinned, chosen.length - 1];
    const offered = [
      ...(index > first ? [acts.up] : []),
      ...(index < last ? [acts.down] : []),
      isPinned ? acts.unpin : acts.pin,
      acts.leaveOut,
    ];
    return row(request, place, story, whyChosen(why, story, request.operator), offered);
  })}</ol>`;
}

/** Those that it doesn't hold. */
export function omittedStories(request: ConsoleRequest, place: ComposedPlace, omitted: readonly OmittedStory[]): Html {
  return html`<ul class="stories">${omitted.map(({ story, why }) =>
    row(request, place, story, whyOmitted(why, request.operator), [
      why.kind === 'left_out' ? acts.bringBack : acts.putIn,
    ]),
  )}</ul>`;
}

function row(request: ConsoleRequest, place: ComposedPlace, story: Story, why: Html, offered: readonly Act[]): Html {
  const { original } = story;
  return html`<li id="${storyAnchor(story.key)}" tabindex="-1"><div><p class="story-title"><a href="${original.url}" lang="${original.lang}" dir="${directionOf(original.lang)}">${original.title}</a></p>
<p class="why">${why}. ${languages(request.site.languages, story)}</p></div>
${place.mayEdit ? deeds(request, place, story, offered) : nothing}</li>\n`;
}

/** Which of the publication's languages have it, and which not. */
function languages(wanted: readonly string[], { byLanguage }: Story): Html {
  const there = [...byLanguage].map(([lang, { translation }]) =>
    translation === 'machine' ? `${lang} (machine)` : lang,
  );
  const missing = wanted.filter((lang) => !byLanguage.has(lang));
  return html`In ${there.join(', ')}${missing.length === 0 ? nothing : html`; <span class="waiting">not in ${missing.join(', ')}</span>`}`;
}

function deeds(
  { consolePath }: ConsoleRequest,
  { edition, pathOf }: ComposedPlace,
  { key, original }: Story,
  offered: readonly Act[],
): Html {
  return html`<form method="post" action="${consolePath(pathOf('/arrange'))}" class="row"><input type="hidden" name="revision" value="${String(edition.revision)}"><input type="hidden" name="story" value="${key}">${offered.map(
    ({ name, title }) =>
      html`<button class="small" name="act" value="${name}">${title}<span class="hidden">: <bdi>${original.title}</bdi></span></button>`,
  )}</form>`;
}
