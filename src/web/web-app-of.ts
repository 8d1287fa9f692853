import type { App } from '../app.ts';
import { articleStateAt } from '../content/index.ts';
import { createOutboxFolder } from '../delivery/index.ts';
import { leaveByToken, readLinkToken } from '../subscribers/index.ts';
import type { WebApp } from './web-app.ts';
