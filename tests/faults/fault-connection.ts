import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { type Act, type FaultMode, isVictim, moodAt, type Step } from './fault-mode.ts';

/** What became of one message on the server's side. */
export interface Arrival {
  readonly messageId: string;
  readonly to: string;
  readonly stored: boolean;
  /** When its content was asked for, and when all of it was there, as epoch milliseconds. */
  readonly askedAt: number;
  readonly readAt: number;
  /** As it was meant to go out; null where there was none. */
  readonly answer: string | null;
}

/** What a connection shares with the others of its listener. */
export interface FaultListener {
  mode: FaultMode;
  tls: { readonly key: Buffer; readonly cert: Buffer } | null;
  /** Whether it announces PIPELINING. */
  readonly pipelining: boolean;
  /** In [0, 1), from a seed. */
  readonly random: () => number;
  /** Whether `strikes: 'once'` has struck. */
  hasStruck: boolean;
  /** Durable when it returns. */
  record(arrival: Arrival): void;
}

const usualAnswers: Readonly<Record<Exclude<Step, 'body' | 'ehlo'>, string>> = {
  greeting: '220 relay.test ESMTP\r\n',
  starttls: '220 2.0.0 go ahead\r\n',
  mail: '250 2.1.0 ok\r\n',
  rcpt: '250 2.1.5 ok\r\n',
  data: '354 go ahead\r\n',
  dot: '250 2.0.0 stored\r\n',
};

/** How the server goes on after an answer: as usual, as after a refusal, or not at all. */
type Course = 'usual' | 'refused' | 'over';

/** One client's dialogue with a server that misbehaves as its listener's mode says. */
export class FaultConnection {
  readonly #listener: FaultListener;
  /** From 1. */
  readonly #number: number;
  #socket: Socket;
  #buffered = '';
  #from: string | null = null;
  #to: string | null = null;
  /** Content so far, while a message is being read. */
  #content: string[] | null = null;
  #tail = '';
  #hasStruckBody = false;
  /** What follows RCPT is taken for nobody. */
  #isForNobody = false;
  #isAnswered = false;
  #isOver = false;
  #askedAt = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Socket, number: number, listener: FaultListener) {
    this.#socket = socket;
    this.#number = number;
    this.#listener = listener;
    this.#listen();
    this.#enqueue(async () => void (await this.#answer('greeting', usualAnswers.greeting)));
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      if (socket === this.#socket) this.#isOver = true;
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      if (socket !== this.#socket) return;
      this.#buffered += chunk;
      this.#enqueue(() => this.#read());
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work);
  }

  #actAt(step: Step): Act | null {
    const { mode, random } = this.#listener;
    if (mode.act.kind === 'moods') return moodAt(step, mode.act, random);
    if (mode.step !== step && !(mode.step === 'every' && step !== 'body' && step !== 'starttls')) return null;
    switch (mode.strikes) {
      case 'always':
        return mode.act;
      case 'readers':
        return isVictim(this.#to ?? '') ? mode.act : null;
      case 'connections':
        return this.#number % 3 === 0 ? mode.act : null;
      case 'once':
        if (this.#listener.hasStruck) return null;
        this.#listener.hasStruck = true;
        return mode.act;
      default:
        return mode.strikes satisfies never;
    }
  }

  /** Does at a step what the mode says, with whatever is said there usually. */
  async #answer(step: Step, usual: string, act = this.#actAt(step)): Promise<Course> {
    const isRefused = usual.startsWith('4') || usual.startsWith('5');
    if (act === null) return this.#say(usual, isRefused);
    switch (act.kind) {
      case 'answer':
        this.#say(`${act.text}\r\n`, true);
        if (!act.end) return 'refused';
        this.#socket.end();
        return this.#end();
      case 'fin':
        this.#socket.end();
        return this.#end();
      case 'rst':
        if (this.#socket instanceof TLSSocket) this.#socket.destroy();
        else this.#socket.resetAndDestroy();
        return this.#end();
      case 'hang':
        this.#socket.pause();
        return this.#end();
      case 'omit':
        return isRefused ? 'refused' : 'usual';
      case 'late':
        await pause(act.ms);
        return this.#say(usual, isRefused);
      case 'spell':
        for (const byte of usual) {
          await pause(act.everyMs);
          this.#say(byte, isRefused);
        }
        return isRefused ? 'refused' : 'usual';
      case 'reshape':
        this.#say(act.bytes(usual), isRefused);
        if (!act.bytes('250 x\r\n').includes('\n')) {
          this.#socket.end();
          return this.#end();
        }
        return isRefused ? 'refused' : 'usual';
      case 'refuse but go on':
        this.#isForNobody = true;
        return this.#say('550 5.1.1 nobody here\r\n', false);
      case 'think':
        await pause(this.#listener.random() * act.maxMs);
        return this.#say(usual, isRefused);
      case 'disorder':
      case 'inject':
      case 'moods':
        return this.#say(usual, isRefused);
      default:
        return act satisfies never;
    }
  }

  #say(bytes: string, isRefused: boolean): Course {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1');
    return isRefused ? 'refused' : 'usual';
  }

  #end(): 'over' {
    this.#isOver = true;
    return 'over';
  }

  async #read(): Promise<void> {
    while (!this.#isOver) {
      if (this.#content !== null) {
        if (!(await this.#readContent())) return;
        continue;
      }
      const end = this.#buffered.indexOf('\n');
      if (end < 0) return;
      const line = this.#buffered.slice(0, end).replace(/\r$/, '');
      this.#buffered = this.#buffered.slice(end + 1);
      await this.#command(line);
    }
  }

  async #command(line: string): Promise<void> {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') await this.#answer('ehlo', this.#extensions());
    else if (verb === 'HELO') this.#say('250 relay.test\r\n', false);
    else if (verb === 'STAR') await this.#startTls();
    else if (verb === 'MAIL') await this.#mail(line);
    else if (verb === 'RCPT') await this.#rcpt(line);
    else if (verb === 'DATA') await this.#data();
    else if (verb === 'RSET') {
      this.#forget();
      this.#say('250 2.0.0 reset\r\n', false);
    } else if (verb === 'NOOP') this.#say('250 2.0.0 ok\r\n', false);
    else if (verb === 'QUIT') {
      this.#say('221 2.0.0 bye\r\n', false);
      this.#socket.end();
      this.#end();
    } else this.#say('500 5.5.2 unknown\r\n', true);
  }

  #extensions(): string {
    const { tls, pipelining } = this.#listener;
    const isClear = tls !== null && !(this.#socket instanceof TLSSocket);
    const offers = [...(isClear ? ['STARTTLS'] : []), ...(pipelining ? ['PIPELINING'] : []), 'ENHANCEDSTATUSCODES'];
    return [
      '250-relay.test',
      ...offers.map((offer, index) => (index < offers.length - 1 ? `250-${offer}` : `250 ${offer}`)),
      '',
    ].join('\r\n');
  }

  async #startTls(): Promise<void> {
    const { tls } = this.#listener;
    if (tls === null) {
      this.#say('502 5.5.1 not here\r\n', true);
      return;
    }
    const act = this.#actAt('starttls');
    const injected = act?.kind === 'inject' ? act.text : '';
    if ((await this.#answer('starttls', `${usualAnswers.starttls}${injected}`, act)) !== 'usual') return;
    const clear = this.#socket;
    clear.removeAllListeners('data');
    clear.removeAllListeners('close');
    this.#buffered = '';
    this.#socket = new TLSSocket(clear, { isServer: true, ...tls });
    this.#listen();
  }

  async #mail(line: string): Promise<void> {
    if (this.#from !== null) {
      this.#say('503 5.5.1 nested MAIL\r\n', true);
      return;
    }
    const act = this.#actAt('mail');
    if (act?.kind === 'disorder' && /^RCPT .*\r?\nDATA\r?\n/i.test(this.#buffered)) {
      this.#from = addressIn(line);
      this.#to = addressIn(this.#buffered);
      this.#buffered = this.#buffered.replace(/^RCPT .*\r?\nDATA\r?\n/i, '');
      for (const step of act.order) this.#say(usualAnswers[step], false);
      this.#begin();
    } else if ((await this.#answer('mail', usualAnswers.mail, act)) === 'usual') this.#from = addressIn(line);
  }

  async #rcpt(line: string): Promise<void> {
    if (this.#from === null) {
      this.#say('503 5.5.1 no MAIL\r\n', true);
      return;
    }
    this.#to = addressIn(line);
    if ((await this.#answer('rcpt', usualAnswers.rcpt)) !== 'usual') this.#to = null;
  }

  async #data(): Promise<void> {
    if (this.#to === null) this.#say('503 5.5.1 no RCPT\r\n', true);
    else {
      const askedAt = Date.now();
      if ((await this.#answer('data', usualAnswers.data)) === 'usual') this.#begin(askedAt);
    }
  }

  #begin(askedAt = Date.now()): void {
    this.#askedAt = askedAt;
    this.#content = [];
    this.#tail = '';
    this.#hasStruckBody = false;
    this.#isAnswered = false;
  }

  /** Reads on; false: there is no more for now. Only the newest bytes are searched for the end. */
  async #readContent(): Promise<boolean> {
    const chunk = this.#buffered;
    if (chunk === '' || this.#content === null) return false;
    if (!this.#hasStruckBody) {
      this.#hasStruckBody = true;
      const act = this.#actAt('body');
      if (act !== null && (await this.#answer('body', '', act)) === 'over') return false;
      // What was said in the middle of it is the answer: the end gets none.
      this.#isAnswered = act !== null;
    }
    const isLoneDot = this.#content.length === 0 && chunk.startsWith('.\r\n');
    const at = isLoneDot ? 0 : (this.#tail + chunk).indexOf('\r\n.\r\n');
    if (at < 0) {
      this.#content.push(chunk);
      this.#tail = (this.#tail + chunk).slice(-4);
      this.#buffered = '';
      return false;
    }
    const contentEnd = isLoneDot ? 0 : at + 2 - this.#tail.length;
    const content = this.#content.join('') + chunk.slice(0, Math.max(0, contentEnd));
    this.#buffered = chunk.slice(contentEnd + 3);
    this.#content = null;
    await this.#endOfMessage(content);
    return true;
  }

  async #endOfMessage(content: string): Promise<void> {
    const { mode, random } = this.#listener;
    const messageId = /^Message-ID: (.*)\r$/im.exec(content)?.[1] ?? '';
    const arrival = { messageId, to: this.#to ?? '', askedAt: this.#askedAt, readAt: Date.now() };
    if (this.#isAnswered) {
      this.#listener.record({ ...arrival, stored: false, answer: null });
    } else if (this.#isForNobody || content === '') {
      this.#listener.record({ ...arrival, stored: false, answer: '554' });
      this.#say('554 5.5.1 no valid recipients\r\n', true);
    } else {
      const act = this.#actAt('dot');
      const isStruck = act !== null && (mode.step === 'dot' || mode.act.kind === 'moods');
      const keepsLate = act?.kind === 'think' && random() < 0.5;
      const stores = !isStruck || mode.stores === true || act.kind === 'think';
      const answer = isStruck && 'text' in act ? act.text : usualAnswers.dot.trimEnd();
      // On disk before a word of it is said: what a relay answers for, it has.
      if (!keepsLate)
        this.#listener.record({
          ...arrival,
          stored: stores,
          answer: isStruck && !stores && !('text' in act) ? null : answer,
        });
      if (!keepsLate) await this.#answer('dot', usualAnswers.dot, act);
      else {
        await pause(random() * (act.kind === 'think' ? act.maxMs : 0));
        // Whoever has gone meanwhile is in doubt, and this time for a reason.
        this.#listener.record({ ...arrival, stored: !this.#isOver, answer: this.#isOver ? null : answer });
        this.#say(usualAnswers.dot, false);
      }
    }
    this.#forget();
  }

  #forget(): void {
    this.#from = null;
    this.#to = null;
    this.#isForNobody = false;
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
