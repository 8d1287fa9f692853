import type { Edition } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';

/** @throws AppError `not_found` where no edition has that id. */
export async function getEdition({ sending }: ConsoleApp, { params }: ConsoleRequest): Promise<Edition> {
  const edition = await sending.editions.findEdition(params['id'] ?? '');
  if (edition) return edition;
  throw new AppError('not_found', 'There is no such edition.');
}
