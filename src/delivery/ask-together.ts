import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Asks once for all items that a turn of the event loop brings, instead of once for each. What `ask` rejects with, each of
 * them is told.
 *
 * @param ask Answers in the order of the items.
 */
export function askTogether<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer | undefined> {
  let open: { readonly items: Item[]; readonly answers: Promise<readonly Answer[]> } | null = null;

  function begin() {
    const items: Item[] = [];
    const answers = nextTurn().then(() => {
      open = null;
      return ask(items);
    });
    return { items, answers };
  }

  return async (item) => {
    open ??= begin();
    const { items, answers } = open;
    const at = items.push(item) - 1;
    return (await answers)[at];
  };
}
