import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface ImapMessage {
  readonly uid: number;
  readonly raw: Buffer;
  readonly flags: Set<string>;
}

export interface ImapServer {
  readonly port: number;
  readonly folders: Map<string, ImapMessage[]>;
  /** Commands as they came, without tags and passwords. */
  readonly commands: readonly string[];
  /** Puts a message into INBOX and tells those who wait there. */
  deliver(raw: Buffer): void;
  /** Ends all connections. */
  drop(): void;
  /** Resolves once it holds. */
  waitFor(holds: () => boolean): Promise<void>;
}

export interface ImapOptions {
  /** With the certificate of the fixtures, from the first byte. */
  readonly tls?: boolean;
  readonly idle?: boolean;
  readonly password?: string;
  /** Called before a command is carried out; true: the connection ends instead. */
  readonly kills?: (command: string) => boolean;
  /** Whether a message may not leave its folder: then nothing that is to be moved with it does. */
  readonly keeps?: (uid: number) => boolean;
  /** Called after one was carried out. */
  readonly onCommand?: (command: string) => void;
}

const fixture = (name: string) => readFileSync(new URL(`../fixtures/relay-tls/${name}`, import.meta.url));
export const imapCaFile = new URL('../fixtures/relay-tls/cert.pem', import.meta.url).pathname;

/** As much of RFC 3501, 2177 and 6851 as reading one mailbox takes, on loopback; folders live in memory. */
export async function startImapServer(options: ImapOptions = {}): Promise<ImapServer> {
  const folders = new Map<string, ImapMessage[]>([['INBOX', []]]);
  const commands: string[] = [];
  const open = new Set<Connection>();
  const watchers = new Set<() => void>();
  let nextUid = 1;
  const look = (): void => {
    for (const watcher of watchers) watcher();
  };
  const accept = (socket: Socket): void => {
    const connection = converse(
      socket,
      folders,
      options,
      (command) => {
        commands.push(command);
        options.onCommand?.(command);
        look();
      },
      () => nextUid++,
    );
    open.add(connection);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(connection));
  };
  const server = options.tls
    ? createTlsServer({ cert: fixture('cert.pem'), key: fixture('key.pem') }, accept)
    : createServer({ noDelay: true }, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const drop = (): void => {
    for (const { socket } of open) socket.destroy();
  };
  onTestFinished(async () => {
    drop();
    server.close();
    await once(server, 'close');
  });
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    folders,
    commands,
    deliver(raw) {
      const inbox = folders.get('INBOX') ?? [];
      inbox.push({ uid: nextUid++, raw, flags: new Set() });
      for (const connection of open) connection.tell(`* ${inbox.length} EXISTS`);
    },
    drop,
    waitFor: (holds) =>
      new Promise((resolve) => {
        const watcher = (): void => {
          if (!holds()) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
  };
}

interface Connection {
  readonly socket: Socket;
  /** Says it where the client waits in IDLE; otherwise it hears of it at its next command. */
  tell(line: string): void;
}

function converse(
  socket: Socket,
  folders: Map<string, ImapMessage[]>,
  options: ImapOptions,
  onCommand: (command: string) => void,
  takeUid: () => number,
): Connection {
  const say = (line: string): void => void socket.write(`${line}\r\n`, 'latin1');
  const capabilities = `IMAP4rev1 MOVE UIDPLUS${options.idle === false ? '' : ' IDLE'}`;
  let selected: ImapMessage[] = [];
  let idling: string | null = null;
  say(`* OK [CAPABILITY ${capabilities}] ready`);
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  lines.on('line', (line) => {
    if (idling !== null && /^done$/i.test(line)) {
      say(`${idling} OK done`);
      idling = null;
      return;
    }
    const [tag = '*', ...words] = line.split(' ');
    const command = words.join(' ');
    const shown = /^login/i.test(command) ? 'LOGIN' : command;
    if (options.kills?.(shown)) {
      socket.destroy();
      return;
    }
    answer(tag, command);
    onCommand(shown);
  });

  function answer(tag: string, command: string): void {
    const uidFetch = /^UID FETCH (\S+) (.*)$/i.exec(command);
    const uidMove = /^UID MOVE (\S+) "?([^"]*)"?$/i.exec(command);
    const login = /^LOGIN "?([^"\s]*)"? "?([^"\s]*)"?$/i.exec(command);
    const folder = /^(SELECT|CREATE) "?([^"]*)"?$/i.exec(command);
    const verb = command.split(' ')[0]?.toUpperCase();
    let said = 'OK done';
    if (login) {
      if (login[2] !== (options.password ?? 'secret')) said = 'NO [AUTHENTICATIONFAILED] no';
    } else if (uidFetch) fetch(uidFetch[1] ?? '', uidFetch[2] ?? '');
    else if (uidMove && chosen(uidMove[1] ?? '').some(({ uid }) => options.keeps?.(uid))) said = 'NO over quota';
    else if (uidMove) move(uidMove[1] ?? '', uidMove[2] ?? '');
    else if (folder?.[1]?.toUpperCase() === 'SELECT') select(folder[2] ?? '');
    else if (folder && folders.has(folder[2] ?? '')) said = 'NO [ALREADYEXISTS] it is there';
    else if (folder) folders.set(folder[2] ?? '', []);
    else if (verb === 'CAPABILITY') say(`* CAPABILITY ${capabilities}`);
    else if (verb === 'LIST') say(`* LIST (\\HasNoChildren) "/" ${/"" ""/.test(command) ? '""' : '"INBOX"'}`);
    else if (verb === 'NOOP') say(`* ${selected.length} EXISTS`);
    else if (verb === 'IDLE') {
      idling = tag;
      said = 'idling';
    } else if (verb === 'LOGOUT') say('* BYE');
    say(idling === null ? `${tag} ${said}` : `+ ${said}`);
    if (idling !== null) say(`* ${selected.length} EXISTS`);
  }

  function select(name: string): void {
    selected = folders.get(name) ?? [];
    say(`* ${selected.length} EXISTS`);
    say('* FLAGS (\\Seen \\Deleted)');
    say('* OK [UIDVALIDITY 7]');
    say(`* OK [UIDNEXT ${(selected.at(-1)?.uid ?? 0) + 1}]`);
  }

  function chosen(range: string): ImapMessage[] {
    const newest = selected.at(-1)?.uid ?? 0;
    return selected.filter(({ uid }) =>
      range.split(',').some((part) => {
        const [from = 0, to = from] = part.split(':').map((text) => (text === '*' ? newest : Number(text)));
        return uid >= Math.min(from, to) && uid <= Math.max(from, to);
      }),
    );
  }

  function fetch(range: string, items: string): void {
    const most = /BODY\.PEEK\[\]<0\.(\d+)>/i.exec(items)?.[1];
    for (const message of chosen(range)) {
      const start = `* ${selected.indexOf(message) + 1} FETCH (UID ${message.uid}`;
      if (most === undefined) {
        say(`${start})`);
        continue;
      }
      const body = message.raw.subarray(0, Number(most));
      socket.write(`${start} BODY[]<0> {${body.length}}\r\n`, 'latin1');
      socket.write(body);
      say(')');
    }
  }

  function move(range: string, to: string): void {
    for (const message of chosen(range)) {
      const at = selected.indexOf(message);
      selected.splice(at, 1);
      folders.get(to)?.push({ ...message, uid: takeUid() });
      say(`* ${at + 1} EXPUNGE`);
    }
  }

  return {
    socket,
    tell(line) {
      if (idling !== null) say(line);
    },
  };
}
