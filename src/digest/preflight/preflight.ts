import { checkAudience } from './check-audience.ts';
import { checkLinks } from './check-links.ts';
import { checkMails } from './check-mails.ts';
import { checkAlternatives } from './check-pictures.ts';
import { checkPlaceholders } from './check-placeholders.ts';
import { checkProblems } from './check-problems.ts';
import { checkSender } from './check-sender.ts';
import type { CheckedEdition } from './checked-edition.ts';
import { type Finding, nowhere, sortFindings } from './finding.ts';

const checks = [
  checkSender,
  checkMails,
  checkPlaceholders,
  checkLinks,
  checkAlternatives,
  checkProblems,
  checkAudience,
];

/** Everything about an edition that deserves a look before it goes out, blocking findings first. Pure. */
export function preflight(edition: CheckedEdition): readonly Finding[] {
  return sortFindings(checks.flatMap((check) => check(edition)));
}

/**
 * What is said of an edition that can't be composed: a template that doesn't compile, names what isn't there or lacks how
 * to leave. Rendering takes place in another thread, so that only its sentence comes back: `digest.mjml.liquid, line 12: …`.
 */
export function findingForFault(fault: string, template: string): Finding {
  const [, file = null, line, rest = fault] =
    /^([^\s/:,]+\.(?:liquid|json))(?:, line (\d+)|(?= lacks ))?:? (.*)$/s.exec(fault) ?? [];
  return {
    code: 'template-fault',
    severity: 'blocking',
    where: {
      ...nowhere,
      file: `templates/${file ?? `${template}.mjml.liquid`}`,
      line: line === undefined ? null : Number(line),
    },
    sentence: rest,
    whatToDo: 'Mend the template: docs/templates.md says what it may say.',
  };
}
