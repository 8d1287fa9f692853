/** Whether a URL path, of a document or its folder, is an archive document's (RFC 5005): those aren't polled for news. */
export function isArchivePath(path: string): boolean {
  return /\/archive\/\d+\/[^/]*$/.test(path);
}
