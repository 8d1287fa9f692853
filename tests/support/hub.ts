import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface HubRequest {
  readonly method: string;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: string;
  /** The self URL that the hub is asked to fetch. */
  readonly selfUrl: string;
}

export interface TestHub {
  readonly url: string;
  readonly requests: readonly HubRequest[];
  /** Answers the following requests so; the default is 204. */
  answer: (response: ServerResponse, request: HubRequest) => void;
  /** Resolves once there have been so many requests. */
  waitFor(count: number): Promise<void>;
}

/** A WebSub hub on loopback that keeps what it is told, until the test ends. */
export async function startHub(): Promise<TestHub> {
  const requests: HubRequest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = await readText(request);
    const told: HubRequest = {
      method: request.method ?? '',
      contentType: request.headers['content-type'] ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      body,
      selfUrl: new URLSearchParams(body).get('hub.url') ?? '',
    };
    requests.push(told);
    hub.answer(response, told);
    for (const look of waiting) look();
  });
  const hub: TestHub = {
    url: await listenOnLoopback(server),
    requests,
    answer: (response) => response.writeHead(204).end(),
    waitFor: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (requests.length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
  return hub;
}

/** Starts a server on a free port of 127.0.0.1 and ends it with the test. */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
