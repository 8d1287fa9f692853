import type { Edition, EditionStore } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { ConsoleRequest } from './console-request.ts';

/**
 * The edition that a path names.
 *
 * @throws AppError `not_found` where none has that id.
 */
export async function getEdition(
  editions: Pick<EditionStore, 'findEdition'>,
  { params }: ConsoleRequest,
): Promise<Edition> {
  const edition = await editions.findEdition(params['id'] ?? '');
  if (edition) return edition;
  throw new AppError('not_found', 'There is no such edition.');
}
