import { type Instant, toMs } from '../../../clock.ts';
import { dateFormat } from '../../../i18n/index.ts';
import { type Html, html } from '../../html/html.ts';

/**
 * An instant in the operator's zone, and in another one where the clock shows another time there:
 * `27 Nov 2026, 07:00 (11:00 in Tbilisi)`.
 *
 * @param zone IANA name, a newsletter's for instance; default: the operator's alone.
 */
export function timeText(operator: { readonly timezone: string }, instant: Instant, zone = operator.timezone): Html {
  const own = inZone(operator.timezone, instant);
  const there = inZone(zone, instant);
  if (own === there) return html`<time datetime="${instant}">${own}</time>`;
  const [ownDay, thereDay] = [own.split(', ')[0], there.split(', ')[0]];
  const other = ownDay === thereDay ? there.split(', ')[1] : there;
  return html`<time datetime="${instant}">${own}</time> <span class="zone">(${other} in ${placeOf(zone)})</span>`;
}

/** `27 Nov 2026, 07:00` */
function inZone(timeZone: string, instant: Instant): string {
  return dateFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(toMs(instant));
}

/** `Asia/Tbilisi` → `Tbilisi` */
function placeOf(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
}
