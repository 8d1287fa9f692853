/** 127.0.0.0/8, ::1 and the names that RFC 6761 §6.3 keeps for them. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
