// The least that a Node server can do: one prepared answer, and 304 for its ETag. Prints its port.
// node bench/peers/bare-server.ts BODY HEADERS.json
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [bodyFile = '', headersFile = ''] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const headers: Record<string, string> = JSON.parse(readFileSync(headersFile, 'utf8'));
const { 'content-length': _length, 'content-encoding': _encoding, 'content-type': _type, ...unchanged } = headers;
// As one list each, made once: Node takes an object apart again for every answer.
const [whenSent, whenUnchanged] = [Object.entries(headers).flat(), Object.entries(unchanged).flat()];

const server = createServer((request, response) => {
  if (request.headers['if-none-match'] === headers['etag']) response.writeHead(304, whenUnchanged).end();
  else response.writeHead(200, whenSent).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(address !== null && typeof address === 'object' ? address.port : '');
});
process.on('SIGTERM', () => process.exit(0));
