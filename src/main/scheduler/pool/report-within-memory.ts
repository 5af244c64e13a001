// A heartbeat can lengthen the lists of a node. When the memory for profiles is used up, the node keeps its earlier lists.
import type { NodeRecord } from '../lifecycle/node-record';
import type { NodeReport } from '../lifecycle/node-report';
import { updatedProfile } from '../lifecycle/profile-update';
import { profileBytes } from '../nodes/core/profile-bytes';
import type { KnownNodes, RegistrationLimits } from './registration-limits';

interface Nodes extends KnownNodes {
  record(nodeId: string): NodeRecord | undefined;
}

export function reportWithinMemory(
  nodes: Nodes,
  limits: RegistrationLimits,
  nodeId: string,
  report: NodeReport,
  remote: string,
): NodeReport {
  const profile = nodes.record(nodeId)?.profile;
  const { installedModels, capabilityState, modelResidency = null, modelReasons = null } = report;
  const isUnchanged = [installedModels, capabilityState, modelResidency, modelReasons].every((list) => list === null);
  if (profile === undefined || isUnchanged) return report;
  const next = updatedProfile(profile, report);
  if (next === profile || limits.admitChange(profile, profileBytes(next), nodes, remote).ok) return report;
  return { ...report, installedModels: null, capabilityState: null, modelResidency: null, modelReasons: null };
}
