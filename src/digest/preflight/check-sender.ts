import { createPlainText } from '../../content/index.ts';
import type { CheckedEdition } from './checked-edition.ts';
import { type Finding, nowhere } from './finding.ts';

const plainText = createPlainText();

/** What a mail must have so that it may be sent at all: links that are safe, and the sender's postal address. */
export function checkSender({ site, local, newsletter, pieces }: CheckedEdition): readonly Finding[] {
  const findings: Finding[] = [];
  if (!local && !site.url.startsWith('https://')) {
    findings.push({
      code: 'insecure-url',
      severity: 'blocking',
      where: { ...nowhere, file: 'silkpost.yaml' },
      sentence: `publication.url is ${site.url}, which is not https: links to leave would not be safe.`,
      whatToDo: 'Set publication.url or SILKPOST_URL to the https address of the site.',
    });
  }
  const address = bare(site.publisher.address);
  for (const part of ['html', 'text'] as const) {
    const lacking = pieces.find(({ top, bottom }) => {
      const written = `${top[part]} ${bottom[part]}`;
      return !bare(part === 'html' ? plainText(written) : written).includes(address);
    });
    if (lacking === undefined) continue;
    const file = `templates/${newsletter.template}.${part === 'html' ? 'mjml' : 'txt'}.liquid`;
    findings.push({
      code: 'no-postal-address',
      severity: 'blocking',
      where: { ...nowhere, file },
      sentence: `${file} does not print the publisher’s postal address, which mail law asks for.`,
      whatToDo: 'Print {{ site.publisher.address }} at its end.',
    });
  }
  return findings;
}

/** Letters alone: lines are broken, and runs of the other direction set apart. */
function bare(text: string): string {
  return text.replace(/[\s\p{Cf}]+/gu, '');
}
