// Notifications of the desktop: shows those that the owner wants, at most one of a kind per minute.
import type { Notification } from 'electron';
import type { Language } from '../../shared/language';
import type { Clock, Timer } from '../platform/clock';
import type { DesktopConfig } from '../platform/config/config';
import type { Logger } from '../platform/logger';
import { NO_NOTICES, takeDue } from './core/notice-queue';
import { noticeText } from './core/notice-text';
import type { Notice } from './core/notices';

/** Older ones can no longer be clicked. */
const MAX_KEPT = 20;

type DesktopNotification = Pick<Notification, 'on' | 'show'>;

export interface NotificationsOptions {
  /** Of Electron. Null: this desktop shows none. */
  readonly create: (texts: { readonly title: string; readonly body: string }) => DesktopNotification | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly wanted: () => DesktopConfig['notify'];
  readonly language: () => Language;
  /** The user clicked: the page of this hash is wanted. */
  readonly onClick: (hash: string) => void;
}

export class Notifications {
  readonly #options: NotificationsOptions;
  #queue = NO_NOTICES;
  #timer: Timer | null = null;
  /** A notification that is collected as garbage reports no click. */
  readonly #kept = new Set<DesktopNotification>();

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  add(notices: readonly Notice[]): void {
    const wanted = this.#options.wanted();
    const added = notices.filter(({ kind }) => wanted[kind]);
    if (added.length > 0) this.#take(added);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #take(added: readonly Notice[]): void {
    const { clock } = this.#options;
    const now = clock.monotonicMs();
    const { queue, due, nextAtMonotonicMs } = takeDue(this.#queue, added, now);
    this.#queue = queue;
    for (const notices of due) this.#show(notices);
    this.#timer?.cancel();
    this.#timer =
      nextAtMonotonicMs === null
        ? null
        : clock.setTimer(nextAtMonotonicMs - now, () => {
            this.#take([]);
          });
  }

  #show(notices: readonly [Notice, ...Notice[]]): void {
    const { create, logger, language, onClick } = this.#options;
    const [{ kind }] = notices;
    const { title, body, hash } = noticeText(notices, language());
    const notification = create({ title, body });
    if (notification === null) return;
    this.#kept.add(notification);
    for (const old of [...this.#kept].slice(0, -MAX_KEPT)) this.#kept.delete(old);
    notification.on('click', () => {
      this.#kept.delete(notification);
      onClick(hash);
    });
    notification.show();
    logger.log('info', 'notification_shown', { kind, count: notices.length });
  }
}
