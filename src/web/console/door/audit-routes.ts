import type { AuditEntry, AuditFilter } from '../../../operators/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { csvDownload } from '../csv-download.ts';
import { consolePage } from '../html/console-page.ts';
import { field, selectField } from '../html/form.ts';
import { pager } from '../html/pager.ts';
import { table } from '../html/table.ts';
import { timeText } from '../html/time-text.ts';
import type { ConsoleDoor } from './console-door.ts';

const perPage = 50;
const perRead = 1000;

/** `/console/audit`: who did what, when, and how it was before. */
export function auditRoutes({ auditEntries, desk }: ConsoleDoor): ConsoleRoute[] {
  return [
    {
      method: 'GET',
      path: '/audit',
      right: 'audit:view',
      async answer(request) {
        const filter = filterOf(request.query);
        const entries = await auditEntries.listEntries(filter, afterOf(request.query), perPage + 1);
        const actions = await auditEntries.listActions();
        const emails = (await desk.list()).map(({ operator }) => operator.email);
        return auditPage(request, { filter, entries, actions, emails });
      },
    },
    {
      method: 'GET',
      path: '/audit.csv',
      right: 'audit:view',
      answer(request) {
        const filter = filterOf(request.query);
        async function* rows(): AsyncGenerator<string[]> {
          yield ['id', 'at', 'actor', 'email', 'action', 'subject', 'before', 'after', 'undone', 'why'];
          for (let after: number | null = null; ; ) {
            const entries: AuditEntry[] = await auditEntries.listEntries(filter, after, perRead);
            for (const entry of entries) yield cellsOf(entry);
            const last = entries.at(-1);
            if (last === undefined || entries.length < perRead) return;
            after = last.id;
          }
        }
        return csvDownload('audit-log.csv', rows());
      },
    },
  ];
}

function filterOf(query: URLSearchParams): AuditFilter {
  const given = (['actor', 'action', 'subject'] as const).flatMap((name) => {
    const value = query.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}

function afterOf(query: URLSearchParams): number | null {
  const after = query.get('after') ?? '';
  return /^\d{1,15}$/.test(after) ? Number(after) : null;
}

function cellsOf({ id, at, actor, action, subject, before, after, undone }: AuditEntry): string[] {
  const fate = undone === null ? ['', ''] : [String(undone.id), undone.why];
  return [String(id), at, actor.name, actor.email ?? '', action, subject, before ?? '', after ?? '', ...fate];
}

interface AuditList {
  readonly filter: AuditFilter;
  /** One more than a page holds, where there are more. */
  readonly entries: readonly AuditEntry[];
  readonly actions: readonly string[];
  readonly emails: readonly string[];
}

function auditPage(request: ConsoleRequest, { filter, entries, actions, emails }: AuditList): Promise<Response> {
  const { consolePath, query, operator } = request;
  const shown = entries.slice(0, perPage);
  const options = [{ value: '', label: 'everything' }, ...actions.map((value) => ({ value, label: value }))];
  const csv = new URLSearchParams(query);
  csv.delete('after');
  const columns = ['When', 'Who', 'What', 'About', 'Before', 'After'].map((title) => ({ title }));
  const rows = shown.map((entry) => [
    timeText(operator, entry.at),
    html`<bdi>${entry.actor.name}</bdi>${entry.actor.email === null ? nothing : html`<br><bdi class="aside">${entry.actor.email}</bdi>`}`,
    entry.action,
    html`<bdi>${entry.subject}</bdi>`,
    describeJson(entry.before),
    entry.undone === null ? describeJson(entry.after) : undoneText(entry.undone),
  ]);
  return consolePage(request, {
    title: 'Audit log',
    section: 'audit',
    main: html`<section class="card"><form class="row" method="get" action="${consolePath('/audit')}">
${field({ name: 'actor', label: 'Who', value: filter.actor ?? '', options: emails })}
${selectField({ name: 'action', label: 'What', value: filter.action ?? '', options })}
${field({ name: 'subject', label: 'About', value: filter.subject ?? '' })}
<button class="button">Show</button><a class="button" href="${consolePath('/audit.csv')}${csv.size === 0 ? '' : `?${csv}`}">CSV</a></form></section>
<section class="card">${shown.length === 0 ? html`<p>Nothing was done.</p>` : table('Audit log', columns, rows)}
${pager(request, '/audit', entries.length > perPage ? String(shown.at(-1)?.id) : null)}</section>`,
  });
}

function undoneText({ id, why }: { readonly id: number; readonly why: string }): Html {
  return html`<span class="bad">Did not happen (entry ${id}):</span> <bdi>${why}</bdi>`;
}

/** `role: editor, name: Ana`, as a person reads it. */
function describeJson(text: string | null): Html {
  if (text === null) return html``;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return html`<bdi>${plain(value)}</bdi>`;
  const parts = Object.entries(value).map(([name, part]) => html`<li>${name}: <bdi>${plain(part)}</bdi></li>`);
  return html`<ul>${parts}</ul>`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
