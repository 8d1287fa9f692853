import type { InterfaceLanguage } from './languages.ts';
import mailAz from './mail/az.json' with { type: 'json' };
import mailEn from './mail/en.json' with { type: 'json' };
import mailFa from './mail/fa.json' with { type: 'json' };
import mailHy from './mail/hy.json' with { type: 'json' };
import mailKa from './mail/ka.json' with { type: 'json' };
import mailRu from './mail/ru.json' with { type: 'json' };
import mailTr from './mail/tr.json' with { type: 'json' };
import siteAz from './site/az.json' with { type: 'json' };
import siteEn from './site/en.json' with { type: 'json' };
import siteFa from './site/fa.json' with { type: 'json' };
import siteHy from './site/hy.json' with { type: 'json' };
import siteKa from './site/ka.json' with { type: 'json' };
import siteRu from './site/ru.json' with { type: 'json' };
import siteTr from './site/tr.json' with { type: 'json' };

/** `mail.unsubscribe`, `site.home` … English is the complete list; a test compares the others with it. */
export type MessageKey = `mail.${keyof typeof mailEn}` | `site.${keyof typeof siteEn}`;

/** ICU messages (plural, select) by area and key. */
export const messages: Readonly<
  Record<InterfaceLanguage, { readonly mail: Record<string, string>; readonly site: Record<string, string> }>
> = {
  en: { mail: mailEn, site: siteEn },
  hy: { mail: mailHy, site: siteHy },
  az: { mail: mailAz, site: siteAz },
  ka: { mail: mailKa, site: siteKa },
  ru: { mail: mailRu, site: siteRu },
  fa: { mail: mailFa, site: siteFa },
  tr: { mail: mailTr, site: siteTr },
};
