import type { Html } from '../../html/html.ts';
import { type FieldErrors, field } from '../html/form.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** The zone that times are told in. */
export function timezoneField(value: string, errors: FieldErrors): Html {
  const help = 'Times are told in it: Asia/Tbilisi, Europe/Berlin …';
  return field({ name: 'timezone', label: 'Time zone', value, errors, options: zones, help, required: true });
}
