// The least that a Node server can do for many pages: prepared answers by their path. Prints its port.
// node bench/peers/bare-pages.ts PAGES.json, an array of {path, headers, body}, the body in base64.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

interface BarePage {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const [file = ''] = process.argv.slice(2);
const pages: readonly BarePage[] = JSON.parse(readFileSync(file, 'utf8'));
const byPath = new Map(
  // Headers as one list each, made once: Node takes an object apart again for every answer.
  pages.map(({ path, headers, body }) => [
    path,
    { headers: Object.entries(headers).flat(), body: Buffer.from(body, 'base64') },
  ]),
);

const server = createServer((request, response) => {
  const page = byPath.get(request.url ?? '');
  if (page === undefined) response.writeHead(404).end();
  else response.writeHead(200, page.headers).end(page.body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(address !== null && typeof address === 'object' ? address.port : '');
});
process.on('SIGTERM', () => process.exit(0));
