/**
 * Remembers the values of the `size` keys that were asked for last; one that failed is forgotten. Callers that ask at
 * the same time share one making.
 */
export function createRecentCache<Value>(
  size: number,
  make: (key: string) => Promise<Value>,
): (key: string) => Promise<Value> {
  const values = new Map<string, Promise<Value>>();
  return (key) => {
    const known = values.get(key);
    if (known) {
      values.delete(key);
      values.set(key, known);
      return known;
    }
    const value = make(key);
    values.set(key, value);
    value.catch(() => {
      if (values.get(key) === value) values.delete(key);
    });
    const [oldest] = values.keys();
    if (values.size > size && oldest !== undefined) values.delete(oldest);
    return value;
  };
}
