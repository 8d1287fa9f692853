import { listAddresses } from './addresses.ts';
import type { CheckedEdition } from './checked-edition.ts';
import type { Finding } from './finding.ts';
import { isOwnAddress } from './own-links.ts';

/** Links and pictures that lead nowhere, as far as they were looked up. */
export function checkLinks(edition: CheckedEdition): readonly Finding[] {
  return listAddresses(edition).flatMap(({ url, kind, where, isMailed }): Finding[] => {
    const verdict = edition.links.get(url);
    if (verdict === undefined || verdict.kind === 'alive') return [];
    const isOwn = isOwnAddress(url, edition.site);
    const who = where.article === null ? 'The template' : `“${where.article.title}” (${where.lang})`;
    if (verdict.kind === 'unknown') {
      return [
        {
          code: 'unchecked-link',
          severity: 'warning',
          where,
          sentence: `${who} has ${url}, which could not be checked: ${verdict.why}.`,
          whatToDo: 'Open it in a browser.',
        },
      ];
    }
    return [
      {
        code: kind === 'picture' ? 'missing-picture' : 'dead-link',
        // Other people's pages come and go; those of the publication are in the newsroom's own hands.
        severity: isOwn && isMailed ? 'blocking' : 'warning',
        where,
        sentence: `${who} ${kind === 'picture' ? 'shows' : 'links to'} ${url}, and ${verdict.why}.`,
        whatToDo: kind === 'picture' ? 'Add the file, or take the picture out.' : 'Correct the link, or take it out.',
      },
    ];
  });
}
