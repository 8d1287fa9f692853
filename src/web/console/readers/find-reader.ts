import type { ReaderRecord } from '../../../subscribers/index.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleReaders } from './console-readers.ts';

/** Whom the path names; null where there never was anybody. */
export async function findReader(
  { directory }: Pick<ConsoleReaders, 'directory'>,
  { params }: ConsoleRequest,
): Promise<ReaderRecord | null> {
  const id = params['id'] ?? '';
  return /^[1-9]\d{0,14}$/.test(id) ? directory.findRecord(Number(id)) : null;
}
