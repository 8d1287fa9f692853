import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

const longestForm = 16 * 1024;

/** Refuses what is longer than any form here, before it is read. */
export function formLimit(refuse: (context: Context) => Response | Promise<Response>): MiddlewareHandler {
  return bodyLimit({ maxSize: longestForm, onError: refuse });
}

/** The text fields of a form, urlencoded or multipart; none for a body that isn't one, whatever its type says. */
export async function readForm(context: Context): Promise<URLSearchParams> {
  const parsed = await context.req.parseBody({ all: true }).catch(() => ({}));
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(parsed)) {
    for (const value of [values].flat()) if (typeof value === 'string') form.append(name, value);
  }
  return form;
}
