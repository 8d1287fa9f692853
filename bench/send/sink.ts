// sink.c where there is no compiler, slower: node bench/send/sink.ts [DELAY_MS] prints its port. For measuring senders; it is no
// mail server.
import { createServer, type Socket } from 'node:net';

const end = Buffer.from('\r\n.\r\n');
const delayMs = Number(process.argv[2] ?? 0);

function serve(socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0);
  let inContent = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const say = (text: string, closes = false): void => {
    const write = (): void => void (closes ? socket.end(text) : socket.write(text));
    if (delayMs > 0) setTimeout(write, delayMs);
    else write();
  };
  say('220 sink ESMTP\r\n');
  socket.on('data', (part: Buffer) => {
    pending = pending.length === 0 ? part : Buffer.concat([pending, part]);
    const answers: string[] = [];
    for (;;) {
      if (inContent) {
        const at = pending.indexOf(end);
        if (at < 0) {
          pending = pending.subarray(Math.max(0, pending.length - end.length + 1));
          break;
        }
        pending = pending.subarray(at + end.length);
        inContent = false;
        answers.push('250 2.0.0 Ok\r\n');
        continue;
      }
      const at = pending.indexOf('\r\n');
      if (at < 0) break;
      const word = pending.toString('latin1', 0, 4).toUpperCase();
      // The line end before the content belongs to a content that is empty.
      pending = word === 'DATA' ? pending.subarray(at) : pending.subarray(at + 2);
      if (word === 'DATA') {
        inContent = true;
        answers.push('354 go\r\n');
      } else if (word === 'EHLO') answers.push('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
      else if (word === 'QUIT') {
        say(`${answers.join('')}221 bye\r\n`, true);
        return;
      } else answers.push('250 2.1.0 Ok\r\n');
    }
    if (answers.length > 0) say(answers.join(''));
  });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(address !== null && typeof address === 'object' ? address.port : '');
});
process.on('SIGTERM', () => process.exit(0));
