const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether a host name or listening address reaches this machine alone. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
