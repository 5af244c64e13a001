// Parses the form into a request for an explanation, or names the invalid field.
import { type ExplainRequest, explainRequestSchema } from '../../../../shared/api/dispatch';
import type { Feature } from '../../../../shared/protocol/node-messages';
import { type DecodeError, validate } from '../../../../shared/protocol/decode';
import type { Result } from '../../../../shared/result';

export interface RequirementsForm {
  /** Model ids, separated by commas or lines. */
  readonly models: string;
  /** Empty: any. */
  readonly kind: string;
  readonly srcLang: string;
  readonly tgtLang: string;
  readonly memoryGb: string;
  readonly nodeId: string;
  readonly features: readonly Feature[];
  readonly isPublic: boolean;
  /** Empty: the size that the scheduler expects of the model. */
  readonly inputTokens: string;
  readonly outputTokens: string;
}

export const EMPTY_FORM: RequirementsForm = {
  models: '',
  kind: '',
  srcLang: '',
  tgtLang: '',
  memoryGb: '',
  nodeId: '',
  features: [],
  isPublic: true,
  inputTokens: '',
  outputTokens: '',
};

export function toRequirements(form: RequirementsForm): Result<ExplainRequest, DecodeError> {
  const src = form.srcLang.trim();
  const tgt = form.tgtLang.trim();
  const kind = { kind: form.kind, ...(src === '' ? {} : { src_lang: src }), ...(tgt === '' ? {} : { tgt_lang: tgt }) };
  return validate(
    {
      required_models: form.models
        .split(/[,\n，]/)
        .map((id) => id.trim())
        .filter((id) => id !== ''),
      ...(form.kind === '' ? {} : { required_kinds: [kind] }),
      ...(form.features.length === 0 ? {} : { required_features: form.features }),
      public: form.isPublic,
      ...(form.nodeId === '' ? {} : { node_id: form.nodeId }),
      ...(form.memoryGb.trim() === '' ? {} : { min_gpu_memory_gb: Number(form.memoryGb) }),
      ...(form.inputTokens.trim() === '' ? {} : { input_tokens: Number(form.inputTokens) }),
      ...(form.outputTokens.trim() === '' ? {} : { output_tokens: Number(form.outputTokens) }),
    },
    explainRequestSchema,
  );
}
