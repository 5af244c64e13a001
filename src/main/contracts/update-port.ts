// The update of the desktop app, for AppApi.
import type { UpdateView } from '../../shared/api/update';
import type { Done } from './ports';

/** Failures of a step are in the view. Fails with `INVALID_STATE` in a phase without this step. */
export interface UpdatePort {
  view(): UpdateView;
  subscribe(listener: (view: UpdateView) => void): () => void;
  check(): Promise<Done>;
  download(): Done;
  cancel(): Promise<Done>;
  /** Quits, installs and starts again. */
  install(): Promise<Done>;
}
