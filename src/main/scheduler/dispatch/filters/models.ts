// Filter `models`: every model that the job requires, by id or by kind and language, is ready on the node; the model of the task takes
// the task; the node has the required features. A model without a language does not match a required one. A feature counts only when it is
// true.
import { isModelReady, modelState } from '../../lifecycle/model-readiness';
import type { NodeProfile } from '../../lifecycle/node-record';
import type { InstalledModel, ModelState } from '../../lifecycle/node-report';
import { refusesTask, tasksByModel } from '../model-tasks';
import type { DispatchFilter } from './dispatch-filter';
import type { JobRequirements, RequiredKind } from '../job-requirements';

export const models: DispatchFilter = ({ profile }, job) => {
  if (hasModels(profile, job)) return null;
  const ids = job.requiredModels.filter((id) => !isReady(profile, id));
  const kinds = (job.requiredKinds ?? []).filter((kind) => !hasKind(profile, kind));
  const features = (job.requiredFeatures ?? []).filter((feature) => !hasFeature(profile, feature));
  const refused = refusedTask(profile, job);
  return {
    filter: 'models',
    code: 'model_not_available',
    wanted: { models: ids, kinds: kinds.map(kindAsJson), features, ...refused?.wanted },
    found: {
      models: Object.fromEntries(ids.map((id) => [id, modelState(profile, id)])),
      kinds: kinds.map(({ kind }) => modelsOfKind(profile, kind)),
      features: Object.fromEntries(features.map((feature) => [feature, profile.featuresSupported[feature] ?? null])),
      ...refused?.found,
    },
  };
};

/** Whether the filter passes. Ends at the first model that is missing. */
export const hasModels = (
  profile: NodeProfile,
  { requiredModels, requiredKinds = [], requiredFeatures = [], requiredTask }: JobRequirements,
): boolean =>
  requiredModels.every((id) => isReady(profile, id)) &&
  requiredKinds.every((kind) => hasKind(profile, kind)) &&
  requiredFeatures.every((feature) => hasFeature(profile, feature)) &&
  (requiredTask === undefined || !refusesTask(profile, requiredTask));

/** Whether a required model comes to the node only when an owner installs or enables it. */
export const lacksModel = (profile: NodeProfile, { requiredModels }: JobRequirements): boolean =>
  requiredModels.some((id) => LACKING.has(modelState(profile, id)));

const LACKING: ReadonlySet<ModelState> = new Set(['not_installed', 'disabled']);

function refusedTask(profile: NodeProfile, { requiredTask: wanted }: JobRequirements) {
  if (wanted === undefined || !refusesTask(profile, wanted)) return null;
  return {
    wanted: { task: { model_id: wanted.modelId, task: wanted.task } },
    found: { tasks: [...(tasksByModel(profile).get(wanted.modelId) ?? [])] },
  };
}

const isReady = (profile: NodeProfile, modelId: string): boolean => modelState(profile, modelId) === 'ready';

const hasKind = (profile: NodeProfile, kind: RequiredKind): boolean =>
  profile.installedModels.some((model) => serves(profile, model, kind));

const hasFeature = (profile: NodeProfile, feature: keyof NodeProfile['featuresSupported']): boolean =>
  profile.featuresSupported[feature] === true;

const serves = (profile: NodeProfile, model: InstalledModel, wanted: RequiredKind): boolean =>
  model.kind === wanted.kind &&
  (wanted.srcLang === undefined || model.srcLang === wanted.srcLang) &&
  (wanted.tgtLang === undefined || model.tgtLang === wanted.tgtLang) &&
  isModelReady(profile, model);

const kindAsJson = ({ kind, srcLang, tgtLang }: RequiredKind) => ({ kind, src_lang: srcLang ?? null, tgt_lang: tgtLang ?? null });

/** A node can have a thousand models of a kind. The exclusion lists this many. */
const MAX_LISTED_MODELS = 10;

const modelsOfKind = (profile: NodeProfile, kind: RequiredKind['kind']) =>
  profile.installedModels
    .filter((model) => model.kind === kind)
    .slice(0, MAX_LISTED_MODELS)
    .map(({ modelId, srcLang, tgtLang }) => ({
      model_id: modelId,
      src_lang: srcLang,
      tgt_lang: tgtLang,
      state: modelState(profile, modelId),
    }));
