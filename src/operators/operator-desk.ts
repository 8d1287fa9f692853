import { type Clock, plusMs } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Actor, AuditLog } from './audit-log.ts';
import type { Operator, Role } from './operator.ts';
import type { ListedOperator, OperatorStore } from './operator-store.ts';
import { createToken, hashToken } from './session.ts';
import type { RefusedTries, SignInLimit } from './sign-in-limit.ts';

const linkMs = 24 * 3_600_000;

export interface OperatorDeskOptions {
  readonly store: OperatorStore;
  readonly limit: SignInLimit;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The zone that new operators begin with. */
  readonly timezone: string;
  /** An address as it is kept, or why it is none. */
  readonly parseEmail: (text: string) => { readonly email: string } | { readonly fault: string };
}

/** An operator as owners see them. */
export interface KnownOperator extends ListedOperator {
  /** Tries to sign in as them that were refused since they did, within a day; null: none were. */
  readonly refused: RefusedTries | null;
}

/** Who may sign in: what an owner does in the console, and the commands do. */
export interface OperatorDesk {
  list(): Promise<KnownOperator[]>;
  /** @throws AppError `not_found` */
  get(id: number): Promise<Operator>;
  /** @throws AppError `not_found`; `invalid` for what is no address. */
  getByEmail(email: string): Promise<Operator>;
  /**
   * A link for the first owner, where nobody may sign in yet, else null. It is good for a day, once; those made before
   * are void.
   */
  makeFirstLink(): Promise<string | null>;
  /**
   * Adds an operator; returns the token of the link to set a name and password by.
   *
   * @throws AppError `invalid` for what is no address, `conflict` where somebody has it.
   */
  invite(
    actor: Actor,
    wish: { readonly email: string; readonly role: Role },
  ): Promise<{ operator: Operator; token: string }>;
  /** @throws AppError `conflict` where nobody would be owner any more. */
  changeRole(actor: Actor, id: number, role: Role): Promise<Operator>;
  /** Ends an operator's sessions, and password and codes; returns the token of a link to set them anew. */
  reset(actor: Actor, id: number): Promise<string>;
  /** @throws AppError `conflict` where nobody would be owner any more. */
  remove(actor: Actor, id: number): Promise<Operator>;
}

const lastOwner = 'There has to be an owner who can sign in: make somebody else one first.';

export function createOperatorDesk(options: OperatorDeskOptions): OperatorDesk {
  const { store, limit, audit, clock } = options;

  async function get(id: number): Promise<Operator> {
    const account = await store.findAccount({ id });
    if (account === null) throw new AppError('not_found', 'There is no such operator (any more).');
    return account.operator;
  }

  function emailOf(text: string): string {
    const parsed = options.parseEmail(text.trim());
    if ('fault' in parsed) throw new AppError('invalid', parsed.fault);
    return parsed.email.toLowerCase();
  }

  /** @param done null where there is no such operator, false where it was the last owner. */
  function insist(done: boolean | null): void {
    if (done === null) throw new AppError('not_found', 'There is no such operator (any more).');
    if (!done) throw new AppError('conflict', lastOwner);
  }

  return {
    async list() {
      const listed = await store.listOperators();
      const refused = await limit.listRefused(listed.map(({ operator }) => operator.email));
      return listed.map((one) => ({ ...one, refused: refused.get(one.operator.email) ?? null }));
    },
    get,
    async getByEmail(text) {
      const email = emailOf(text);
      const account = await store.findAccount({ email });
      if (account === null) throw new AppError('not_found', `There is no operator ${email}.`);
      return account.operator;
    },
    async makeFirstLink() {
      if (await store.hasOperators()) return null;
      const token = createToken();
      await store.addLink(hashToken(token), null, plusMs(clock.now(), linkMs));
      return token;
    },
    async invite(actor, { email: text, role }) {
      const email = emailOf(text);
      if ((await store.findAccount({ email })) !== null) {
        throw new AppError('conflict', `${email} is an operator already.`);
      }
      const deed = { operator: actor, action: 'operators.add', subject: email, after: { role } };
      return audit.around(deed, async () => {
        const { timezone } = options;
        const operator = await store.addOperator({ email, name: email, role, timezone }, clock.now());
        if (operator === null) throw new AppError('conflict', `${email} is an operator already.`);
        const token = createToken();
        await store.addLink(hashToken(token), operator.id, plusMs(clock.now(), linkMs));
        return { operator, token };
      });
    },
    async changeRole(actor, id, role) {
      const operator = await get(id);
      const [before, after] = [{ role: operator.role }, { role }];
      const deed = { operator: actor, action: 'operators.role', subject: operator.email, before, after };
      await audit.around(deed, async () => insist(await store.setRole(id, role)));
      return { ...operator, role };
    },
    async reset(actor, id) {
      const operator = await get(id);
      const deed = { operator: actor, action: 'operators.reset', subject: operator.email };
      return audit.around(deed, async () => {
        const token = createToken();
        await store.resetOperator(id, hashToken(token), plusMs(clock.now(), linkMs));
        await limit.forgive(operator.email, null);
        return token;
      });
    },
    async remove(actor, id) {
      const operator = await get(id);
      const { name, role } = operator;
      const deed = { operator: actor, action: 'operators.remove', subject: operator.email, before: { name, role } };
      await audit.around(deed, async () => insist(await store.removeOperator(id)));
      return operator;
    },
  };
}
