import { type CheckedEdition, placeIn } from './checked-edition.ts';
import { type Finding, nowhere } from './finding.ts';

/** Fewer say nothing: three readers more or less are no sign of anything. */
const leastDifference = 20;

/** Who gets it: nobody, far more or fewer than the last, a language without anything, and who reads a foreign one. */
export function checkAudience(edition: CheckedEdition): readonly Finding[] {
  const { audience } = edition;
  if (audience === null) return [];
  const all = [...audience.byLanguage.values()];
  const readers = all.reduce((sum, language) => sum + language.readers - language.withNothing, 0);
  const findings: Finding[] = [];
  if (readers === 0) {
    findings.push({
      code: 'no-readers',
      severity: 'warning',
      where: nowhere,
      sentence: all.length === 0 ? 'It has no readers yet.' : 'There is nothing in it for any of its readers.',
      whatToDo: 'Look at who subscribes, and at what the newsletter selects.',
    });
  }
  for (const [lang, { readers: there, withNothing }] of audience.byLanguage) {
    if (readers === 0 || there === 0 || withNothing < there) continue;
    findings.push({
      code: 'nothing-for-language',
      severity: 'warning',
      where: { ...nowhere, lang },
      sentence: `There is nothing in it for ${countReaders(there)} of ${lang}: not their choice, or they had it.`,
      whatToDo: 'Add a story that they chose, or let them get nothing this time.',
    });
  }
  const { last } = audience;
  if (readers > 0 && last !== null && Math.abs(readers - last) >= leastDifference) {
    const far = readers * 2 < last ? 'fewer than half' : readers > last * 2 ? 'more than twice' : null;
    if (far !== null) {
      findings.push({
        code: 'readers-far',
        severity: 'warning',
        where: nowhere,
        sentence: `It goes to ${countReaders(readers)}, ${far} of the ${last} of the last edition.`,
        whatToDo: 'Look at whether an import, a purge or a changed selection explains it.',
      });
    }
  }
  return [...findings, ...checkTranslations(edition)];
}

/** Stories that readers of a language get in another one. */
function checkTranslations(edition: CheckedEdition): readonly Finding[] {
  return edition.pieces.flatMap(({ lang, stories }) => {
    const readers = edition.audience?.byLanguage.get(lang);
    if (readers === undefined || readers.readers - readers.withNothing === 0) return [];
    return stories.flatMap((told): Finding[] => {
      const story = edition.stories.find(({ key }) => key === told.storyKey);
      const article = story?.byLanguage.get(told.lang);
      if (told.lang === lang || article === undefined) return [];
      return [
        {
          code: 'untranslated',
          severity: 'warning',
          where: { ...placeIn(edition, article), lang },
          sentence: `“${told.title}” is not there in ${lang}: ${countReaders(readers.readers)} of ${lang} get it in ${told.lang}.`,
          whatToDo: `Translate it, or leave it out.`,
        },
      ];
    });
  });
}

function countReaders(readers: number): string {
  return readers === 1 ? '1 reader' : `${readers} readers`;
}
