import type { ConsoleReaders } from './console-readers.ts';

/** An address as the audit log names it: by its reader’s number, or where nobody has it by its keyed hash. */
export async function readerSubject({ store, keyOf }: ConsoleReaders, email: string): Promise<string> {
  const found = await store.findByEmail(email);
  return found === null ? keyOf(email) : String(found.subscriber.id);
}
