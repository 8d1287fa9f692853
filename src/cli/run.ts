import type { Command } from 'commander';
import type { App } from '../app.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { describeCounts, explainHold } from '../schedule/index.ts';
import { writeOpmlFiles } from '../web/work.ts';
import { describePings, describeProblems, describeRebuild, pingWithinMs } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withOutbox, withPlace, withSendingApp } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { stopSignal } from './stop-signal.ts';

/** `silkpost run`: one pass for cron, systemd or Kubernetes. */
export function addRunCommand(program: Command, invocation: Invocation): void {
  withOutbox(withPlace(program.command('run')))
    .description('one pass: build the feeds, compose and send what is due, end')
    .action((options: PlaceOptions) =>
      withSendingApp(invocation, options, async (app) => {
        const { terminal } = invocation;
        const built = await app.rebuild({});
        for (const line of describeProblems(built.problems)) terminal.say(line);
        terminal.say(describeRebuild(app, built));
        await writeOpmlFiles(app);
        const pinging = app.hubs.sendNow(pingWithinMs);
        const stop = stopSignal();
        // First: whoever can't be reached, or has left by mail, is no reader of what is due now.
        await app.bounceRoom.collect(stop).catch((error: unknown) => {
          terminal.say(sentenceOf(error));
          invocation.end(exitCodes.attention);
        });
        await app.letterRoom.sendDue(stop);
        const touched = await app.desk.runDue();
        if (touched.length === 0) terminal.say('No edition is due.');
        const going = await app.editions.listEditions({ states: ['sending'] });
        const before = await countLost(app, going);
        let isUnusable = false;
        // A relay that can't be used is no reason not to say what became of all else, and to tell operators.
        await app.postRoom
          .sendUntilIdle(null, (counts) => terminal.status(describeCounts(counts)), stop)
          .catch((error: unknown) => {
            if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
            terminal.say(error.message);
            isUnusable = true;
          });
        // Also of one that an earlier pass began: what was deferred then may have failed now.
        for (const id of new Set([...touched, ...going].map((edition) => edition.id))) {
          const edition = await app.editions.findEdition(id);
          if (!edition) continue;
          const counts = await app.editions.getCounts(id);
          const isHeld = edition.state === 'held';
          terminal.say(
            isHeld ? `${id} is held: ${explainHold(edition)}` : `${id}: ${edition.state}, ${describeCounts(counts)}`,
          );
          // What was lost before has been told of, and waits for nobody else.
          const isWorse = counts.deferred > 0 || counts.failed + counts.in_doubt > (before.get(id) ?? 0);
          if (isHeld || isWorse) invocation.end(exitCodes.attention);
        }
        await app.postRoom.tellOperators(stop);
        await app.postRoom.prune(true);
        await app.finish();
        // The newsletters’ feeds have changed since.
        const pings = [await pinging, ...(touched.length > 0 ? [await app.hubs.sendNow(pingWithinMs)] : [])];
        for (const line of pings.flatMap(describePings)) terminal.say(line);
        if (built.refused || built.failed > 0 || isUnusable) invocation.end(exitCodes.fault);
        // Last: mail doesn't wait for pictures.
        await app.sizes.settled();
      }),
    );
}

/** How many deliveries of each edition have failed or are in doubt, by id. */
async function countLost({ editions }: App, some: readonly { readonly id: string }[]): Promise<Map<string, number>> {
  const lost = new Map<string, number>();
  for (const { id } of some) {
    const { failed, in_doubt: inDoubt } = await editions.getCounts(id);
    lost.set(id, failed + inDoubt);
  }
  return lost;
}
