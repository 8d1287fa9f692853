import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, sentenceOf } from '../errors.ts';
import { type ParsedYaml, parseYaml, YamlError } from '../yaml.ts';
import { PublicationFaultError, publicationFault, publicationFileName, schemaFaults } from './publication-fault.ts';
import { type PublicationFile, publicationFile } from './publication-file.ts';

/** @throws PublicationFaultError with everything that the schema finds. */
export function readPublicationFile(dir: string): { file: PublicationFile; yaml: ParsedYaml } {
  const path = join(dir, publicationFileName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) throw new AppError('invalid', `${path} can't be read: ${sentenceOf(error)}.`, { cause: error });
    const sentence = `There is no ${publicationFileName} in ${dir}. Name the publication's folder with --dir.`;
    throw new AppError('invalid', sentence, { cause: error });
  }
  let yaml: ParsedYaml;
  try {
    yaml = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw publicationFault(error, null, 'invalid-yaml', `is not valid YAML: ${error.message}`);
  }
  // Once: compiling what parses takes longer.
  const result = publicationFile.safeParse(yaml.value ?? {}, { jitless: true });
  if (!result.success) throw new PublicationFaultError(schemaFaults(result.error.issues, yaml));
  return { file: result.data, yaml };
}
