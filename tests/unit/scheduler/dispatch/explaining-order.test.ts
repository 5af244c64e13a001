// The exclusion that explains a node that gets no jobs at all, and by which it is counted.
import { expect, test } from 'vitest';
import { allExclusions, firstExclusion, firstExclusionCode } from '../../../../src/main/scheduler/dispatch/filters';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY as POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { ExclusionReason } from '../../../../src/shared/protocol/status';
import { aDrain, aModel, aProfile, aRecord, at } from '../lifecycle/records';

const registering = { status: 'registering' } as const;
const offline = { status: 'offline', online: false } as const;
const drained = { status: 'offline', reasonCode: 'drain_complete', drain: aDrain() } as const;
const quarantined = { quarantine: { by: 'operator', reason: null, since: at(0) } } as const;
const closed = { profile: aProfile({ acceptPublicJobs: false }) };
const fetching = { profile: aProfile({ capabilityState: { m: 'downloading' } }) };
const disabled = { profile: aProfile({ installedModels: [aModel({ modelId: 'm', enabled: false })] }) };
const needsModel = { requiredModels: ['m'] };

test.each<readonly [string, Partial<NodeRecord>, Partial<JobRequirements>, ExclusionReason]>([
  ['registering', registering, {}, 'status_not_ready'],
  ['registering, without the model', registering, needsModel, 'model_not_available'],
  ['registering, the model is disabled', { ...registering, ...disabled }, needsModel, 'model_not_available'],
  ['registering, the model is being downloaded', { ...registering, ...fetching }, needsModel, 'status_not_ready'],
  ['registering, accepts no public jobs', { ...registering, ...closed }, needsModel, 'not_in_public_pool'],
  ['drained, connected', drained, {}, 'status_not_ready'],
  ['drained, without the model', drained, needsModel, 'model_not_available'],
  ['drained, not connected', { ...drained, online: false }, {}, 'not_online'],
  ['offline', offline, {}, 'not_online'],
  ['offline, without the model', offline, needsModel, 'model_not_available'],
  ['offline, the job is for another node', offline, { ...needsModel, nodeId: 'other' }, 'not_requested_node'],
  ['quarantined', quarantined, {}, 'quarantined'],
  ['quarantined, without the model', quarantined, needsModel, 'model_not_available'],
])('%s -> what an owner must change, else the connection, else the status', (_case, node, requirements, code) => {
  const record = aRecord({ nodeId: 'n', ...node });
  const job: JobRequirements = { requiredModels: [], public: true, ...requirements };
  expect(firstExclusion(record, job, POLICY)?.code).toBe(code);
  expect(firstExclusionCode(record, job, POLICY)).toBe(code);
  const codes = allExclusions(record, job, POLICY).map((exclusion) => exclusion.code);
  expect(codes[0]).toBe(code);
  expect(new Set(codes).size, 'each exclusion once').toBe(codes.length);
});
