// The subscribers of the agent's view. All changes in one turn of the event loop become one notification
// after it, so that no message of a job waits for the view.
import type { AgentView } from '../../shared/api/agent-view';

export class ViewSubscribers {
  readonly #view: () => AgentView;
  readonly #listeners = new Set<(view: AgentView) => void>();
  #notifying = false;

  constructor(view: () => AgentView) {
    this.#view = view;
  }

  /** Returns the function that unsubscribes. */
  add(listener: (view: AgentView) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  changed(): void {
    if (this.#notifying || this.#listeners.size === 0) return;
    this.#notifying = true;
    setImmediate(() => {
      this.#notifying = false;
      const view = this.#view();
      for (const listener of this.#listeners) listener(view);
    });
  }
}
