import { AppError } from '../../errors.ts';

/**
 * The text fields of a form, urlencoded or multipart, in their order; none for a body that isn't one.
 *
 * @throws AppError `invalid` where it is longer than `maxBytes`.
 */
export async function readConsoleForm(raw: Request, maxBytes: number): Promise<URLSearchParams> {
  const bytes = await readBytes(raw, maxBytes);
  const headers = { 'content-type': raw.headers.get('content-type') ?? '' };
  const fields = await new Response(bytes, { headers }).formData().catch(() => new FormData());
  const form = new URLSearchParams();
  for (const [name, value] of fields) if (typeof value === 'string') form.append(name, value);
  return form;
}

async function readBytes({ body }: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw new AppError('invalid', `What was sent is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
