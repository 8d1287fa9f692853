import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { AuditLog } from '../../operators/index.ts';
import type { Site } from '../../site.ts';
import type { ConsoleAfter } from './after/console-after.ts';
import type { ConsoleComposing } from './compose/console-composing.ts';
import type { ConsoleDoor } from './door/console-door.ts';
import type { ConsoleHome } from './home/console-home.ts';
import type { ConsolePreflight } from './preflight/console-preflight.ts';
import type { ConsoleReaders } from './readers/console-readers.ts';
import type { ConsoleSending } from './sending/console-sending.ts';
import type { ConsoleShelves } from './shelves/console-shelves.ts';

/** Everything that the console needs of the rest: a property for each part of it. */
export interface ConsoleApp {
  readonly site: Site;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly door: ConsoleDoor;
  readonly home: ConsoleHome;
  readonly readers: ConsoleReaders;
  readonly after: ConsoleAfter;
  readonly shelves: ConsoleShelves;
  readonly composing: ConsoleComposing;
  readonly sending: ConsoleSending;
  readonly preflight: ConsolePreflight;
}
