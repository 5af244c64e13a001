// The join link that another program opened with the app. Only the newest one waits. It never makes this computer join: it is shown, and
// the user joins by a click. The link holds the key of an invitation, so no log gets it.
import { joinLinkOf, type LinkFault, type OpenedLinkView } from '../../shared/api/opened-link';
import type { OpenedLinkPort } from '../contracts/ports';

export class OpenedLink implements OpenedLinkPort {
  readonly #listeners = new Set<(view: OpenedLinkView | null) => void>();
  #view: OpenedLinkView | null = null;
  #opened = 0;

  /** `link`: a checked join link. */
  readonly open = (link: string): void => {
    this.#change({ id: ++this.#opened, link });
  };

  /** A join link that waits stays: a page could otherwise remove the link of another one. */
  readonly refuse = (fault: LinkFault): void => {
    if (joinLinkOf(this.#view) === null) this.#change({ id: ++this.#opened, refused: fault });
  };

  discard(): void {
    if (this.#view !== null) this.#change(null);
  }

  view(): OpenedLinkView | null {
    return this.#view;
  }

  subscribe(listener: (view: OpenedLinkView | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #change(view: OpenedLinkView | null): void {
    this.#view = view;
    for (const listener of this.#listeners) listener(view);
  }
}
