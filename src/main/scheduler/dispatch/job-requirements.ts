// The requirements of a job inside the scheduler, and their form in the API and in the database (api §1).
import type { JobRequirementsView, RequiredKindView } from '../../../shared/api/dispatch';
import type { TaskKind } from '../../../shared/protocol/task-kinds';

export interface RequiredKind {
  readonly kind: RequiredKindView['kind'];
  readonly srcLang?: string;
  readonly tgtLang?: string;
}

/** A model that must not only be ready, but also take this kind of task on the node. */
export interface RequiredTask {
  readonly modelId: string;
  readonly task: TaskKind;
}

export interface JobRequirements {
  readonly requiredModels: readonly string[];
  readonly requiredTask?: RequiredTask;
  readonly requiredKinds?: readonly RequiredKind[];
  readonly requiredFeatures?: readonly NonNullable<JobRequirementsView['required_features']>[number][];
  readonly public: boolean;
  readonly nodeId?: string;
  readonly minGpuMemoryGb?: number;
  /** Any node but this one: another node must confirm its error. Set while a job waits, and never part of a view. */
  readonly otherThan?: string;
}

/** The model of the job's task, which every job requires. Requirements without a task: the first required model, if any. */
export const runModelOf = ({ requiredTask: task, requiredModels: models }: JobRequirements): string | null =>
  task !== undefined && models.includes(task.modelId) ? task.modelId : (models[0] ?? null);

/** Whether both jobs require the same models, kinds of models, features and task. */
export const wantSameModels = (one: JobRequirements, other: JobRequirements): boolean =>
  one === other ||
  (one.requiredModels.length === other.requiredModels.length &&
    one.requiredModels.every((modelId, i) => modelId === other.requiredModels[i]) &&
    JSON.stringify(modelNeeds(one)) === JSON.stringify(modelNeeds(other)));

const modelNeeds = ({ requiredTask, requiredKinds, requiredFeatures }: JobRequirements) => [requiredTask, requiredKinds, requiredFeatures];

/** The order of the fields is always the same, so equal requirements have equal JSON. */
export function parseRequirements(view: JobRequirementsView): JobRequirements {
  const { required_task: task, required_kinds: kinds, required_features: features, node_id: nodeId, min_gpu_memory_gb: memoryGb } = view;
  return {
    requiredModels: view.required_models,
    ...(task === undefined ? {} : { requiredTask: { modelId: task.model_id, task: task.task } }),
    ...(kinds === undefined ? {} : { requiredKinds: kinds.map(parseKind) }),
    ...(features === undefined ? {} : { requiredFeatures: features }),
    public: view.public,
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(memoryGb === undefined ? {} : { minGpuMemoryGb: memoryGb }),
  };
}

export function toRequirementsView(requirements: JobRequirements): JobRequirementsView {
  const { requiredModels, requiredTask, requiredKinds, requiredFeatures, nodeId, minGpuMemoryGb } = requirements;
  return {
    required_models: [...requiredModels],
    ...(requiredTask === undefined ? {} : { required_task: { model_id: requiredTask.modelId, task: requiredTask.task } }),
    ...(requiredKinds === undefined ? {} : { required_kinds: requiredKinds.map(toKindView) }),
    ...(requiredFeatures === undefined ? {} : { required_features: [...requiredFeatures] }),
    public: requirements.public,
    ...(nodeId === undefined ? {} : { node_id: nodeId }),
    ...(minGpuMemoryGb === undefined ? {} : { min_gpu_memory_gb: minGpuMemoryGb }),
  };
}

const parseKind = ({ kind, src_lang: srcLang, tgt_lang: tgtLang }: RequiredKindView): RequiredKind => ({
  kind,
  ...(srcLang === undefined ? {} : { srcLang }),
  ...(tgtLang === undefined ? {} : { tgtLang }),
});

const toKindView = ({ kind, srcLang, tgtLang }: RequiredKind): RequiredKindView => ({
  kind,
  ...(srcLang === undefined ? {} : { src_lang: srcLang }),
  ...(tgtLang === undefined ? {} : { tgt_lang: tgtLang }),
});
