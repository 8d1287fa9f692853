export interface ArticleTable {
  id: string;
  /** JSON of `ArticleRecord`, of its article what every list and search asks for. */
  record: string;
  /** JSON of `ArticleDetails`: the rest of the article. */
  details: string;
}

export interface ArticleBodyTable {
  article_id: string;
  version: string;
  html: string;
  /** JSON array of `ContentProblem`. */
  problems: string;
}

export interface FeedDocumentTable {
  path: string;
  hash: string;
  changed_at: string;
  size: number;
  /** Seconds. */
  max_age: number;
  /** Hash of everything that the document is made from. */
  inputs: string;
  /** JSON of `PieceList`: which bytes of it are which entry. */
  pieces: string;
}

export interface HubPingTable {
  hub: string;
  self_url: string;
  etag: string;
  looks: number;
  tries: number;
  not_before: string;
}
