// The profile and the pause in a registration, with the defaults of the protocol (protocol §2).
import type { NodeRegister } from '../../../../shared/protocol/node-messages';
import type { ReportedPause } from '../../../../shared/protocol/pauses';
import type { RequestedPause } from '../../lifecycle/events';
import type { NodeProfile } from '../../lifecycle/node-record';
import type { LifecyclePolicy } from '../../lifecycle/policy';
import { parseHardware, parseLimits, parseModel } from './node-report-views';

export const parseProfile = (message: NodeRegister, nodeId: string, policy: LifecyclePolicy): NodeProfile => ({
  name: message.name ?? nodeId,
  version: message.version,
  platform: message.platform,
  hardware: parseHardware(message.hardware),
  installedModels: message.installed_models.map(parseModel),
  capabilityState: message.capability_state ?? null,
  featuresSupported: message.features_supported,
  advancedFeatures: message.advanced_features ?? [],
  acceptPublicJobs: message.accept_public_jobs,
  maxConcurrentJobs: message.max_concurrent_jobs ?? policy.maxConcurrentJobsPerNode,
  limits: message.limits == null ? null : parseLimits(message.limits),
  ...(message.wake_mac == null ? {} : { wakeMac: message.wake_mac }),
});

export const parsePause = ({ reason_code: code, detail, until, timeout_seconds: timeoutSeconds }: ReportedPause): RequestedPause => ({
  code,
  detail: detail == null || detail === '' ? null : detail,
  untilWallMs: until ?? null,
  timeoutMs: timeoutSeconds == null ? null : timeoutSeconds * 1000,
});
