import { parseLetterText } from '../../../digest/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { arrange } from './arrange.ts';
import { getComposed } from './composed-place.ts';
import { draftContent } from './content-page.ts';
import { kinds, textName } from './texts-form.ts';

/** Keeps what an operator wrote as subjects and preheaders. */
export async function saveTexts(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  const form = await request.form();
  const typed: Record<string, string> = {};
  const errors: Record<string, string> = {};
  const texts: Record<(typeof kinds)[number], Record<string, string>> = { subject: {}, preheader: {} };
  for (const kind of kinds) {
    for (const lang of app.site.languages) {
      const name = textName(kind, lang);
      typed[name] = form.get(name) ?? '';
      const parsed = parseLetterText(typed[name]);
      if ('reason' in parsed)
        errors[name] = `${kind === 'subject' ? 'Subject' : 'Preheader'} (${lang}): ${parsed.reason}`;
      else if (parsed.text !== '') texts[kind][lang] = parsed.text;
    }
  }
  if (Object.keys(errors).length > 0) return refused(draftContent(app, request, place, { typed, errors }));
  const edit = { kind: 'texts', subjects: texts.subject, preheaders: texts.preheader } as const;
  const edited = await arrange(app, request, place, edit, form.get('revision'), { typed });
  return edited ?? seeOther(request, `${place.pathOf('')}#texts`, 'Subjects and preheaders are saved.');
}
