// The models that are ready in a pool, from `GET /v1/models`.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { type ReadyPoolModel, readyModelSchema } from '../../shared/api/pool-models';
import { AUTO_MODEL, MAX_ALIAS_TARGETS, modelNames } from '../../shared/model-aliases';
import { MAX_LIST } from '../../shared/protocol/bounded';
import { ok } from '../../shared/result';
import type { HttpClient } from './http-client';

/** The part of the answer that is read. */
const openAiModelsSchema = z.object({
  data: z
    .array(
      z.object({
        id: z.string(),
        muster: readyModelSchema.omit({ model_id: true }).extend({ alias_for: z.array(z.string()).max(MAX_ALIAS_TARGETS).optional() }),
      }),
    )
    .max(MAX_LIST),
});

export async function readyModelsOf(client: HttpClient): Promise<Outcome<readonly ReadyPoolModel[]>> {
  const answer = await client.ask({ method: 'GET', path: '/v1/models', answer: 'list' }, openAiModelsSchema);
  if (!answer.ok) return answer;
  const { data } = answer.value;
  // Another name of a model is no further model. `auto` is a rule.
  const aliases = data.flatMap(({ id, muster }) =>
    muster.alias_for === undefined || id === AUTO_MODEL ? [] : [[id, muster.alias_for] as const],
  );
  const namesOf = modelNames(new Map(aliases));
  const models = data.filter(({ muster }) => muster.alias_for === undefined);
  return ok(models.map(({ id, muster: { alias_for: _, ...model } }) => ({ model_id: id, ...model, ...namesOf(id) })));
}
