/** Header fields by lower-case name. */
export type HookHeaders = Readonly<Record<string, string | undefined>>;

export interface HookAnswer {
  readonly status: number;
  /** One line for whoever set it up. */
  readonly text: string;
}

/**
 * Takes what one provider posts: verified on the raw body, and durable before it is answered.
 *
 * @throws AppError `unavailable` where it should be posted again later.
 */
export type Hook = (headers: HookHeaders, body: Buffer) => Promise<HookAnswer>;

/** The largest body: SNS sends at most 256 KB of text, which JSON makes longer. */
export const maxHookBytes = 512 * 1024;
