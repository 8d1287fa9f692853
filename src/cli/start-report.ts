import type { App } from '../app.ts';
import { createLocale } from '../i18n/index.ts';
import type { Rebuilt } from '../rooms/index.ts';
import { localized } from '../site.ts';
import { describeRebuild } from './articles-report.ts';
import type { SampleReaders } from './sample.ts';

/** What `start` tells a person: what was read, what comes next, where mail goes, what to open. */
export function describeStart(
  app: App,
  built: Rebuilt,
  samples: SampleReaders | null,
  parts: {
    readonly web: boolean;
    readonly mail: boolean;
    /** Where the first owner of the console begins; null where there is somebody. */
    readonly welcomeUrl: string | null;
  },
): string[] {
  const { site, newsletters, paths } = app.config;
  const lines = ['', `Silkpost: ${localized(site.title, 'en', site)}`, '', ...describeRebuild(app, built).split('\n')];
  if (parts.mail) {
    for (const newsletter of newsletters) {
      const locale = createLocale('en', newsletter.timezone);
      const next = app.nextDue(newsletter);
      lines.push(
        `${newsletter.name}: next on ${locale.day(next).main} at ${locale.time(next)} (${newsletter.timezone})`,
      );
    }
    lines.push(
      app.transport.name === 'outbox'
        ? `Mail goes to ${paths.outbox}; none leaves this machine until SILKPOST_SMTP_URL names a relay.`
        : `Mail goes to ${app.transport.name}.`,
    );
  }
  if (samples !== null) {
    lines.push(
      '',
      `Since this is the first start, ${samples.addresses.join(', ')} were added as sample readers of ${samples.newsletter},`,
      samples.counts !== null && samples.counts.sent > 0
        ? `and its first edition was composed for them (${samples.counts.sent} mails). They go when a relay is connected.`
        : 'but no edition could be composed for them: silkpost editions list says why.',
    );
  }
  if (parts.web) {
    lines.push('', `  ${site.url}/`, `  ${site.url}/feeds`);
    lines.push(
      parts.welcomeUrl === null
        ? `  ${site.url}/console`
        : `\nThe console has no owner yet. This link makes one, once, within a day:\n\n  ${parts.welcomeUrl}`,
    );
  }
  return [...lines, '', 'Ctrl-C stops.'];
}
