// Work on many items in several turns of the event loop: ten thousand nodes can have millions of models.
import { ownTurn } from './own-turn';

/** One turn handles so many parts: a few milliseconds. */
const PARTS_PER_TURN = 3000;
/** The cost of an item besides its parts. */
const PARTS_OF_ITEM = 20;

/** `handle` returns the number of the item's parts: 10 for work of about 0.1 ms besides its models. */
export async function inTurns<Item>(items: Iterable<Item>, handle: (item: Item) => number): Promise<void> {
  let parts = 0;
  for (const item of items) {
    if (parts >= PARTS_PER_TURN) {
      await ownTurn();
      parts = 0;
    }
    parts += PARTS_OF_ITEM + handle(item);
  }
}
