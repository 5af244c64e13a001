// The damaged models of this computer. The scheduler knows that a model cannot be used; only its computer knows that its files are damaged.
import { z } from 'zod';
import type { FailedCheck, NodeStatusMessage } from '../protocol/scheduler-messages';
import type { ModelView } from './agent-view';

const DAMAGE = ['checksum_differs', 'size_differs'];
/** The reason of a model's state says that the owner must replace its files. */
export const isDamage = (reason: string): boolean => DAMAGE.includes(reason);
export const isDamaged = ({ reason_code: reason }: ModelView): boolean => isDamage(reason);

const namedSchema = z.looseObject({ models: z.array(z.looseObject({ model_id: z.string(), state: z.string() })) });

/** The failed checks say `damaged` instead of `error` of a model that is damaged here. The same message without such a model. */
export function withOwnDamage(message: NodeStatusMessage, models: readonly ModelView[]): NodeStatusMessage {
  const damaged = new Set(models.filter(isDamaged).map(({ model_id: id }) => id));
  const { health } = message;
  if (damaged.size === 0 || health.failed_checks.length === 0) return message;
  return { ...message, health: { ...health, failed_checks: health.failed_checks.map((check) => withDamage(check, damaged)) } };
}

function withDamage(check: FailedCheck, damaged: ReadonlySet<string>): FailedCheck {
  const named = namedSchema.safeParse(check.details);
  if (check.code !== 'model_not_ready' || !named.success) return check;
  const models = named.data.models.map((model) =>
    model.state === 'error' && damaged.has(model.model_id) ? { ...model, state: 'damaged' } : model,
  );
  return { ...check, details: { ...named.data, models } };
}
