/* Keys as forms bring them. */

/** Whoever ticks all wants all, also what is added later. */
export function withoutAll(chosen: readonly string[], all: readonly string[]): readonly string[] {
  return chosen.length === all.length ? [] : chosen;
}

export function isPartOf(chosen: readonly string[], known: readonly string[]): boolean {
  return chosen.every((key) => known.includes(key));
}

export function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
