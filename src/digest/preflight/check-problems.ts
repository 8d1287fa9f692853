import { articlesOf, type CheckedEdition, placeIn } from './checked-edition.ts';
import type { Finding } from './finding.ts';

/** What reading its articles found, and left out for it: a picture without its file, a link to what nobody may see. */
export function checkProblems(edition: CheckedEdition): readonly Finding[] {
  const byFile = Map.groupBy(edition.problems, ({ file }) => file);
  return articlesOf(edition).flatMap((article) =>
    (byFile.get(`content/${article.path}`) ?? []).map(
      ({ line, message }): Finding => ({
        code: 'article-problem',
        severity: 'warning',
        where: { ...placeIn(edition, article), line },
        sentence: message,
        whatToDo: 'Mend it in the file.',
      }),
    ),
  );
}
