import { readSourceFile } from './source-file.ts';

/** The lines of an article's file as they stand now, for those who say where to mend it; empty where it can't be read. */
export function readArticleLines(contentDir: string, path: string): readonly string[] {
  const source = readSourceFile(contentDir, path);
  return 'text' in source ? source.text.split(/\r?\n/) : [];
}
