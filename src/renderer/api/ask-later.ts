// A question whose code is loaded with the first one: few visitors ask.
import type { AskListener, AskParamsInput } from '../../shared/api/ask';

export type Ask = (params: AskParamsInput, listener: AskListener) => () => void;

/** When the code cannot be loaded, the question fails: the program was stopped or replaced after the page was loaded. */
export function askLater(load: () => Promise<Ask>, params: AskParamsInput, listener: AskListener): () => void {
  let isCancelled = false;
  let cancel = (): void => {
    isCancelled = true;
  };
  const start = async (): Promise<void> => {
    let ask: Ask;
    try {
      ask = await load();
    } catch (error) {
      if (!isCancelled)
        await listener.onEvents([{ type: 'failed', error: { code: 'DISCONNECTED', message: String(error), details: null } }]);
      return;
    }
    if (!isCancelled) cancel = ask(params, listener);
  };
  void start();
  return () => cancel();
}
