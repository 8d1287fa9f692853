import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../src/operators/index.ts';
import { passwordFault } from '../../src/operators/password-rules.ts';

describe('createPasswords', () => {
  const passwords = createPasswords();

  it('keeps a password as argon2id at the floor of 19 MiB, 2, 1 or more, salted, with the cost in it', async () => {
    const [one, two] = await Promise.all([
      passwords.hash('seven quiet mountains'),
      passwords.hash('seven quiet mountains'),
    ]);
    expect(one).not.toBe(two);
    const [, memory, passes, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(one) ?? [];
    expect(Number(memory)).toBeGreaterThanOrEqual(19 * 1024);
    expect(Number(passes)).toBeGreaterThanOrEqual(2);
    expect(lanes).toBe('1');
    expect(await passwords.verify('seven quiet mountains', one)).toBe(true);
    expect(await passwords.verify('seven quiet mountain', one)).toBe(false);
    expect(passwords.isWeak(one)).toBe(false);
  });

  it('knows a password however it was composed when typed', async () => {
    expect(await passwords.verify('un cafe\u0301 au lait', await passwords.hash('un café au lait'))).toBe(true);
  });

  it('takes a hash of lower cost and calls it weak', async () => {
    const salt = Buffer.from('a salt of 16 byt');
    const cost = { memory: 8192, passes: 1, parallelism: 1, tagLength: 16 };
    const key = argon2Sync('argon2id', { message: 'seven quiet mountains', nonce: salt, ...cost });
    const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
    const hash = `$argon2id$v=19$m=8192,t=1,p=1$${text(salt)}$${text(key)}`;
    expect(await passwords.verify('seven quiet mountains', hash)).toBe(true);
    expect(passwords.isWeak(hash)).toBe(true);
  });

  it('finds no password right where there is none', async () => {
    expect(await passwords.verify('', null)).toBe(false);
    expect(await passwords.verify('anything', 'no hash')).toBe(false);
  });
});

describe('passwordFault', () => {
  const known = ['ana@courier.example', 'Ana Example', 'The Hill Courier'];

  it.each([
    ['eleven char', 'at least 12'],
    ['ana@courier.example', 'everybody knows'],
    ['The Hill-Courier', 'everybody knows'],
    ['ANA EXAMPLE!!!', 'everybody knows'],
    ['abababababababab', 'again and again'],
    ['x'.repeat(257), 'at most 256'],
  ])('refuses %j', (password, why) => {
    expect(passwordFault(password, known)).toContain(why);
  });

  it.each(['seven quiet mountains', 'aaaabbbbccccdddd', 'հայերեն գաղտնաբառ', '🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧'])(
    'takes %j',
    (password) => {
      expect(passwordFault(password, known)).toBeNull();
    },
  );
});
