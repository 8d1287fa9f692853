import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { routeMakers } from '../route-makers.ts';
import { arrangeStory } from './arrange.ts';
import { contentPage, countedPart } from './content-page.ts';
import { previewMail, previewPage } from './preview-page.ts';
import { saveTexts } from './save-texts.ts';
import { skip, skipPage } from './skip-page.ts';
import { sendTest, testPage } from './test-page.ts';

/** What an edition holds: looking at it, and changing it before it is frozen. */
export function composeRoutes(app: ConsoleApp): ConsoleRoute[] {
  const { get, post } = routeMakers(app);
  return [
    get('/editions/:id', 'editions:view', contentPage),
    get('/editions/:id/counted', 'editions:view', countedPart),
    post('/editions/:id/arrange', 'editions:edit', arrangeStory),
    post('/editions/:id/texts', 'editions:edit', saveTexts),
    get('/editions/:id/preview', 'editions:view', previewPage),
    get('/editions/:id/preview/mail', 'editions:view', previewMail),
    get('/editions/:id/test', 'editions:edit', testPage),
    post('/editions/:id/test', 'editions:edit', sendTest),
    get('/editions/:id/skip', 'editions:send', skipPage),
    post('/editions/:id/skip', 'editions:send', skip),
  ];
}
