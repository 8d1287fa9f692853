/**
 * Controls, non-characters (feeds have neither), and marks that turn the reading direction of what follows; joiners and
 * plain direction marks stay.
 */
const unwanted =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]|\p{Noncharacter_Code_Point}/gu;

/** The same, and surrogates, which may be halves. */
const suspect =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uD800-\uDFFF\uFDD0-\uFDEF\uFEFF\uFFFE\uFFFF]/;

/** Whether `cleanText` leaves a text as it is; may say no where it would. */
export function isCleanText(text: string): boolean {
  return !suspect.test(text);
}

/** Text without control and bidi-override characters and without halves of surrogate pairs. */
export function cleanText(text: string): string {
  if (isCleanText(text)) return text;
  return text.replace(unwanted, '').toWellFormed();
}

export interface CleanedValue {
  readonly value: unknown;
  /** Where something was taken out. */
  readonly cleaned: readonly (readonly (string | number)[])[];
}

/** A YAML value with all its strings cleaned and its empty keys left out. */
export function cleanValue(value: unknown): CleanedValue {
  const cleaned: (string | number)[][] = [];
  const visit = (node: unknown, path: (string | number)[]): unknown => {
    if (typeof node === 'string') {
      const text = cleanText(node);
      if (text !== node) cleaned.push(path);
      return text;
    }
    if (Array.isArray(node)) return node.map((child, index) => visit(child, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, child]) => (child === null ? [] : [[key, visit(child, [...path, key])]])),
    );
  };
  return { value: visit(value, []), cleaned };
}
