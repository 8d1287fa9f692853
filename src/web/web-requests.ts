import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  askByLetter,
  askForAddress,
  askForLink,
  changeAddress,
  eraseByToken,
  findOfferedAddress,
  findTokenOwner,
  type RequestDesk,
  readOwnData,
} from '../subscribers/index.ts';
import type { WebRequests } from './web-app.ts';

/** What readers ask for by a fresh mail. */
export function createWebRequests(desk: RequestDesk, log: Log): WebRequests {
  let asking: Promise<void> = Promise.resolve();
  return {
    askByLetter: (token, ask) => askByLetter(desk, token, ask),
    askForLink(email) {
      // After the answer, and one after the other: neither its time nor the next one's tells whether we know the address.
      asking = asking
        .then(() => askForLink(desk, email))
        .catch((error: unknown) => log.error('problem', { message: `A link can’t be sent: ${sentenceOf(error)}` }));
    },
    findOwner: (ask, token) => findTokenOwner(desk, ask, token),
    askForAddress: (token, text) => askForAddress(desk, token, text),
    findOfferedAddress: (token) => findOfferedAddress(desk, token),
    changeAddress: (token, wording) => changeAddress(desk, token, wording),
    readOwnData: (token) => readOwnData(desk, token),
    erase: (token, keepOut) => eraseByToken(desk, token, keepOut),
  };
}
