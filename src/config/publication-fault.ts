import type { z } from 'zod';
import type { ContentProblem } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import type { ParsedYaml, TextPosition } from '../yaml.ts';
import { publicationFile } from './publication-file.ts';
import { knownKeysAt } from './schema-keys.ts';

export const publicationFileName = 'silkpost.yaml';

/** One thing that is wrong in `silkpost.yaml`. */
export interface PublicationFault {
  readonly position: TextPosition | null;
  /** Dotted key, or null. */
  readonly field: string | null;
  readonly code: string;
  readonly sentence: string;
}

/** What is wrong in `silkpost.yaml`; the message is the first fault's. */
export class PublicationFaultError extends AppError {
  readonly faults: readonly PublicationFault[];

  constructor(faults: readonly PublicationFault[], options?: { cause?: unknown }) {
    const [first] = faults;
    const place = first?.position ? `${publicationFileName}, line ${first.position.line}` : publicationFileName;
    super('invalid', `${place}: ${first?.sentence ?? 'is wrong.'}`, options);
    this.faults = faults;
  }
}

/** The faults as problems, for those who list them all. */
export function problemsOf({ faults }: PublicationFaultError): ContentProblem[] {
  return faults.map((fault) => problemOf(fault, true));
}

export function problemOf({ position, field, code, sentence }: PublicationFault, blocking: boolean): ContentProblem {
  const place = { line: position?.line ?? null, column: position?.column ?? null };
  return { file: publicationFileName, ...place, field, code, message: sentence, blocking };
}

/** What the schema found, one fault for each unknown key and wrong value. */
export function schemaFaults(issues: readonly z.core.$ZodIssue[], yaml: ParsedYaml): PublicationFault[] {
  return issues.flatMap((issue) => issueFaults(issue, yaml));
}

function issueFaults(issue: z.core.$ZodIssue, yaml: ParsedYaml): PublicationFault[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const field = path.join('.');
  const parent = path.slice(0, -1);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((wrong): PublicationFault => {
      const near = nearestKey(wrong, knownKeysAt(publicationFile, path));
      const full = [...path, wrong].join('.');
      const sentence = `unknown key ${full}.${near ? ` Did you mean ${near}?` : ''}`;
      return { position: yaml.positionOf([...path, wrong]), field: full, code: 'unknown-key', sentence };
    });
  }
  if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) {
    return [{ position: yaml.positionOf(parent), field, code: 'missing-value', sentence: `${field} is missing.` }];
  }
  const said = issue.message.replace(/^Invalid input: /, '');
  const sentence = /^(is|must|needs|may) /.test(said) ? `${field} ${said}.` : `${field}: ${said}.`;
  return [{ position: yaml.positionOf(path) ?? yaml.positionOf(parent), field, code: 'invalid-value', sentence }];
}

/** A single fault; `position` and `field` are null where it is the file’s as a whole. */
export function publicationFault(
  position: TextPosition | null,
  field: string | null,
  code: string,
  sentence: string,
): PublicationFaultError {
  return new PublicationFaultError([{ position, field, code, sentence }]);
}
