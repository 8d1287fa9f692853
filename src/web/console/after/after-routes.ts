import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { routeMakers } from '../route-makers.ts';
import { deliveryPage } from './delivery-page.ts';
import { doubtAllPage, settleAll } from './doubt-all.ts';
import { doubtPage } from './doubt-page.ts';
import { editionsPage } from './editions-page.ts';
import { mailHtml, mailPage } from './mail-page.ts';
import { missingPage, sendToMissing } from './missing-page.ts';
import { outcomesCsv } from './outcomes-csv.ts';
import { outcomesPage } from './outcomes-page.ts';
import { settleByLog } from './settle-by-log.ts';
import { settleOne } from './settle-one.ts';

/** A relay's log of some hours. */
const longestLog = 4 * 1024 * 1024;

/** The editions, and what became of the readers of each. */
export function afterRoutes(app: ConsoleApp): ConsoleRoute[] {
  const { get, post } = routeMakers(app);
  return [
    get('/editions', 'editions:view', editionsPage),
    get('/editions/:id/readers', 'readers:view', outcomesPage),
    post('/editions/:id/readers/export', 'readers:export', outcomesCsv),
    get('/editions/:id/readers/:delivery', 'readers:view', deliveryPage),
    get('/editions/:id/readers/:delivery/mail', 'readers:view', mailPage),
    get('/editions/:id/readers/:delivery/mail/html', 'readers:view', mailHtml),
    post('/editions/:id/readers/:delivery/settle', 'editions:send', settleOne),
    get('/editions/:id/doubt', 'readers:view', doubtPage),
    get('/editions/:id/doubt/all', 'editions:send', doubtAllPage),
    post('/editions/:id/doubt/all', 'editions:send', settleAll),
    { ...post('/editions/:id/doubt/log', 'editions:send', settleByLog), maxFormBytes: longestLog },
    get('/editions/:id/missing', 'editions:send', missingPage),
    post('/editions/:id/missing', 'editions:send', sendToMissing),
  ];
}
