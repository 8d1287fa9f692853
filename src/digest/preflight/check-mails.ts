import { graphemesOf } from '../graphemes.ts';
import type { CheckedEdition } from './checked-edition.ts';
import { type Finding, nowhere } from './finding.ts';

/** Gmail cuts a mail off at about 102 KB of HTML; what is added for each reader and a mail's own head is kept free. */
const nearClipBytes = 80_000;
/** Letters as a reader counts them; phones show some forty of them. A headline is cut to so many by itself. */
const longSubject = 90;

/** What is off about the mails as such: their length and their subjects. Equal findings of a language are one. */
export function checkMails({ mails }: Pick<CheckedEdition, 'mails'>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [lang, same] of Map.groupBy(mails, (mail) => mail.lang)) {
    const where = { ...nowhere, lang };
    const fault = same.find((mail) => mail.fault !== null)?.fault ?? null;
    if (fault !== null) {
      findings.push({
        code: 'too-long',
        severity: 'blocking',
        where,
        sentence: `${lang}: ${fault}`,
        whatToDo: 'Leave a story out, shorten the longest, or send summaries (text: summary).',
      });
    }
    const longest = Math.max(...same.map(({ bytes }) => bytes ?? 0));
    if (fault === null && longest > nearClipBytes) {
      findings.push({
        code: 'near-clip',
        severity: 'warning',
        where,
        sentence: `The mail in ${lang} has ${Math.round(longest / 1000)} KB of HTML; Gmail cuts a mail off at about 102 KB.`,
        whatToDo: 'Leave a story out, or shorten the longest.',
      });
    }
    for (const subject of new Set(same.filter((mail) => mail.fault === null).map((mail) => mail.subject))) {
      const letters = graphemesOf(subject.trim()).length;
      if (letters === 0) {
        findings.push({
          code: 'empty-subject',
          severity: 'blocking',
          where,
          sentence: `The subject in ${lang} is empty.`,
          whatToDo: 'Write one, or give the first story a title.',
        });
      } else if (letters > longSubject) {
        findings.push({
          code: 'long-subject',
          severity: 'warning',
          where,
          sentence: `The subject in ${lang} is too long, and mail programs cut it: “${subject}”`,
          whatToDo: `Write a shorter one: ${longSubject} letters at most, the first forty are what a phone shows.`,
        });
      }
    }
  }
  return findings;
}
