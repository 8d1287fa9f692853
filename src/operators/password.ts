import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** Argon2id's cost (RFC 9106 §3.1). */
interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's floor is 19 MiB, 2, 1. What is kept under less is hashed anew when it is next typed. */
const cost: Cost = { memoryKiB: 32 * 1024, passes: 3, lanes: 1 };
const saltBytes = 16;
const keyBytes = 32;
/** So many take their memory at a time; the others wait. */
const atOnce = 2;

/** Hashes passwords, off this thread. */
export interface Passwords {
  /** `$argon2id$v=19$m=32768,t=3,p=1$SALT$KEY`, with the cost in it, so that it can be raised. */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password of a hash. Without one it is not, after just as much work, so that the time it takes
   * doesn't tell who has an account.
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Whether a hash was made at a lower cost than today's. */
  isWeak(hash: string): boolean;
}

export function createPasswords(): Passwords {
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (busy >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  }

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      return write(cost, salt, await inTurn(() => derive(password, salt, cost, keyBytes)));
    },
    async verify(password, hash) {
      const kept = hash === null ? null : read(hash);
      const salt = kept?.salt ?? randomBytes(saltBytes);
      const key = await inTurn(() => derive(password, salt, kept?.cost ?? cost, kept?.key.length ?? keyBytes));
      return kept !== null && timingSafeEqual(key, kept.key);
    },
    isWeak(hash) {
      const kept = read(hash)?.cost;
      return kept === undefined || kept.memoryKiB < cost.memoryKiB || kept.passes < cost.passes;
    },
  };
}

/** However it is typed, composed or in parts (RFC 8265 §4.2.1). */
function derive(password: string, salt: Buffer, { memoryKiB, passes, lanes }: Cost, bytes: number): Promise<Buffer> {
  const parameters = {
    message: password.normalize('NFC'),
    nonce: salt,
    memory: memoryKiB,
    passes,
    parallelism: lanes,
    tagLength: bytes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function write({ memoryKiB, passes, lanes }: Cost, salt: Buffer, key: Buffer): string {
  const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${text(salt)}$${text(key)}`;
}

function read(hash: string): { readonly cost: Cost; readonly salt: Buffer; readonly key: Buffer } | null {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(hash);
  if (parts === null) return null;
  const [, memory = '', passes = '', lanes = '', salt = '', key = ''] = parts;
  return {
    cost: { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}
