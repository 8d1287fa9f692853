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

/** How often a document was asked for on a day. */
export interface FeedPollTable {
  path: string;
  /** In the publication's zone. */
  day: string;
  polls: number;
  /** Of them those answered by 304. */
  unchanged: number;
}

/** The last that a program which reads for many people said of a document. */
export interface FeedSubscribersTable {
  path: string;
  agent: string;
  /** Or empty. */
  feed_id: string;
  subscribers: number;
  seen_at: string;
}
