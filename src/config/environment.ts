import { readFileSync } from 'node:fs';
import { AppError, sentenceOf } from '../errors.ts';

/** The variables that Silkpost reads; each also as `…_FILE`, naming a file that holds the value. */
export type Variable =
  | 'SILKPOST_URL'
  | 'SILKPOST_PORT'
  | 'SILKPOST_HOST'
  | 'SILKPOST_DATA'
  | 'SILKPOST_PUBLIC'
  | 'SILKPOST_DATABASE_URL'
  | 'SILKPOST_SMTP_URL'
  | 'SILKPOST_IMAP_URL'
  | 'SILKPOST_HOOK_SECRET'
  | 'SILKPOST_NOTIFY_SECRET'
  | 'SILKPOST_LOG';

/**
 * The value of a variable, else of the file that `NAME_FILE` names, else null. Empty counts as unset.
 *
 * @throws AppError `invalid` where the file can't be read, or where both are set.
 */
export function readVariable(environment: NodeJS.ProcessEnv, name: Variable): string | null {
  const value = environment[name] || null;
  const file = environment[`${name}_FILE`] || null;
  if (file === null) return value;
  if (value !== null) throw new AppError('invalid', `Both ${name} and ${name}_FILE are set. Keep one of them.`);
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    throw new AppError('invalid', `${name}_FILE names ${file}, which can't be read: ${sentenceOf(error)}.`, {
      cause: error,
    });
  }
}
