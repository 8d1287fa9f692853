/** The page of a form that can't be taken as it is: 422, with what was typed and why it won't do beside each field. */
export async function refused(page: Response | Promise<Response>): Promise<Response> {
  const { body, headers } = await page;
  return new Response(body, { status: 422, headers });
}
