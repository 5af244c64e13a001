// A profile that counts the reads of its models, so that a test sees whether work grows faster than the number of models.
import type { CapabilityState } from '../../src/shared/protocol/node-messages';
import type { NodeProfile } from '../../src/main/scheduler/lifecycle/node-record';

export function profileThatCounts(
  profile: NodeProfile,
  count: number,
  state: CapabilityState,
): { readonly profile: NodeProfile; readonly reads: () => number } {
  let reads = 0;
  const ids = Array.from({ length: count }, (_, i) => `model-${String(i)}`);
  const [model] = profile.installedModels;
  if (model === undefined) throw new Error('a profile without a model');
  const installedModels = ids.map(
    (modelId) =>
      new Proxy(
        { ...model, modelId },
        {
          get(target, name) {
            reads++;
            return Reflect.get(target, name) as unknown;
          },
        },
      ),
  );
  return {
    profile: { ...profile, installedModels, capabilityState: Object.fromEntries(ids.map((id) => [id, state])) },
    reads: () => reads,
  };
}
