// The receiver of messages to the window.
import type { IpcUpdate } from '../../shared/api/ipc-channels';

/** The part of Electron's WebContents that the IPC of AppApi uses. */
export interface IpcWebContents {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, update: IpcUpdate): void;
}
