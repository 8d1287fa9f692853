import { articlesOf, type CheckedEdition, placeIn } from './checked-edition.ts';
import type { Finding } from './finding.ts';

/** Pictures that say nothing to those who can't see them: in mail, where pictures are often off, to nobody. */
export function checkAlternatives(edition: CheckedEdition): readonly Finding[] {
  return articlesOf(edition).flatMap((article) => {
    const where = `“${article.title}” (${article.lang})`;
    const finding = (sentence: string, whatToDo: string, test: (line: string) => boolean): Finding => ({
      code: 'missing-alt',
      severity: 'warning',
      where: placeIn(edition, article, test),
      sentence,
      whatToDo,
    });
    const own =
      article.image?.alt === ''
        ? [
            finding(`The picture of ${where} has no alt text.`, 'Say in image.alt what it shows.', (line) =>
              /^image:/.test(line),
            ),
          ]
        : [];
    const inText = [...article.html.matchAll(/<img\b[^>]*>/g)]
      .filter(([tag]) => !/\salt="[^"]*\S[^"]*"/.test(tag))
      .map(() =>
        finding(
          `A picture in the text of ${where} has no alt text.`,
          'Write what it shows: ![What it shows](…).',
          (line) => line.includes('![]('),
        ),
      );
    return [...own, ...inText];
  });
}
