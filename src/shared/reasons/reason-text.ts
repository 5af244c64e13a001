// The texts of a code in each language.
import type { Localized } from '../language';

/** A short text without a capital letter and a full stop, so that it can follow a code: `queue_timeout: timed out in the queue`. */
export type ReasonText = Localized;

/** The form of `message` and `reason` in the node protocol: `<zh> / <en>` (protocol §4). */
export const bilingual = ({ zh, en }: ReasonText): string => `${zh} / ${en}`;
