import type { Story } from '../content/index.ts';
import { type Arrangement, isKeyOf } from './arrangement.ts';
import type { StorySelection } from './story-selection.ts';

/** One thing that an operator does to an edition that is being composed. */
export type ArrangementEdit =
  | { readonly kind: 'leave_out' | 'bring_back' | 'pin' | 'unpin' | 'up' | 'down'; readonly key: string }
  | ({ readonly kind: 'texts' } & Pick<Arrangement, 'subjects' | 'preheaders'>);

export interface EditedArrangement {
  readonly arrangement: Arrangement;
  /** What was done, as part of a sentence: `left out “Tehran talks”`. */
  readonly what: string;
}

/**
 * An arrangement after an edit; null where there is nothing to do: the story is gone, stands at that end already, or the
 * texts are the same. Pinned stories move among themselves, and so do the others.
 */
export function editArrangement(
  arrangement: Arrangement,
  selection: StorySelection,
  edit: ArrangementEdit,
  by: string,
): EditedArrangement | null {
  if (edit.kind === 'texts') return editTexts(arrangement, edit);
  const { chosen, omitted } = selection;
  const isMeant = ({ story }: { readonly story: Story }): boolean => isKeyOf(edit.key, story);
  const taken = chosen.find(isMeant);
  const story = taken?.story ?? omitted.find(isMeant)?.story;
  if (story === undefined) {
    // Pinned once, and withdrawn since.
    const isKnown = edit.kind === 'unpin' && arrangement.pinned.includes(edit.key);
    return isKnown ? { arrangement: without(arrangement, edit.key), what: 'unpinned a story that is gone' } : null;
  }
  const others = (keys: readonly string[]): string[] => keys.filter((key) => !isKeyOf(key, story));
  const title = `“${story.original.title}”`;
  const leftOut = arrangement.leftOut.filter(({ key }) => !isKeyOf(key, story));
  const pinned = others(arrangement.pinned);
  const { kind } = edit;
  switch (kind) {
    case 'leave_out':
      if (leftOut.length < arrangement.leftOut.length) return null;
      return {
        arrangement: { ...arrangement, leftOut: [...leftOut, { key: story.key, by }], pinned },
        what: `left out ${title}`,
      };
    case 'bring_back':
      if (leftOut.length === arrangement.leftOut.length) return null;
      return { arrangement: { ...arrangement, leftOut }, what: `brought back ${title}` };
    case 'pin':
      if (taken?.why.kind === 'pinned') return null;
      return {
        arrangement: {
          ...arrangement,
          leftOut,
          pinned: [...pinned, story.key],
          order: others(arrangement.order),
        },
        what: `pinned ${title}`,
      };
    case 'unpin':
      if (pinned.length === arrangement.pinned.length) return null;
      return { arrangement: { ...arrangement, pinned }, what: `unpinned ${title}` };
    case 'up':
    case 'down': {
      const isPinned = taken?.why.kind === 'pinned';
      const neighbours = chosen.filter(({ why }) => (why.kind === 'pinned') === isPinned).map((one) => one.story.key);
      const moved = taken && swapped(neighbours, story.key, kind === 'up' ? -1 : 1);
      if (!moved) return null;
      return {
        arrangement: isPinned ? { ...arrangement, pinned: moved } : { ...arrangement, order: moved },
        what: `moved ${title} ${kind}`,
      };
    }
    default:
      return kind satisfies never;
  }
}

function editTexts(
  arrangement: Arrangement,
  { subjects, preheaders }: Pick<Arrangement, 'subjects' | 'preheaders'>,
): EditedArrangement | null {
  const changed = [
    ...differing(arrangement.subjects, subjects).map((lang) => `the subject (${lang})`),
    ...differing(arrangement.preheaders, preheaders).map((lang) => `the preheader (${lang})`),
  ];
  if (changed.length === 0) return null;
  return { arrangement: { ...arrangement, subjects, preheaders }, what: `changed ${changed.join(', ')}` };
}

function differing(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((lang) => before[lang] !== after[lang]);
}

function swapped(keys: readonly string[], key: string, by: -1 | 1): string[] | null {
  const at = keys.indexOf(key);
  const neighbour = keys[at + by];
  return neighbour === undefined ? null : keys.with(at, neighbour).with(at + by, key);
}

function without(arrangement: Arrangement, gone: string): Arrangement {
  return { ...arrangement, pinned: arrangement.pinned.filter((key) => key !== gone) };
}
