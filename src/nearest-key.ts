/** The known key that is most like `wrong`, or null where none is near (more than a third of its letters differ). */
export function nearestKey(wrong: string, known: readonly string[]): string | null {
  let best: { key: string; distance: number } | null = null;
  for (const key of known) {
    const distance = editDistance(wrong.toLowerCase(), key.toLowerCase());
    if (best === null || distance < best.distance) best = { key, distance };
  }
  return best !== null && best.distance <= Math.max(1, Math.ceil(wrong.length / 3)) ? best.key : null;
}

/** What to do about `wrong`, for a terminal: the known key that is meant, or all that there are. */
export function hintFor(wrong: string, known: readonly string[]): string {
  const near = nearestKey(wrong, known);
  if (near !== null) return `Did you mean ${near}?`;
  return known.length > 0 ? `There are: ${known.join(', ')}.` : 'There are none.';
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
