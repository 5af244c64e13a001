// The rules of the owner that are on, with what they are judged from, for the dashboard of this computer.
import type { RuleView } from '../../../../shared/api/agent-rules';
import type { Fact } from '../../../system-events/parse/fact';
import type { Judgement } from './judge-rules';
import type { RuleFacts } from './rule-facts';

export const toRuleViews = ({ rules, pauses }: Pick<Judgement, 'rules' | 'pauses'>, facts: RuleFacts): RuleView[] =>
  rules.map(({ code, state, changesAtWallMs }) => {
    const detail = pauses.find((pause) => pause.code === code)?.detail ?? null;
    const front = valueOf(facts.fullScreen);
    return {
      code,
      state,
      program: code === 'process' ? detail : code === 'full_screen' ? (detail ?? front) : null,
      celsius: code === 'temperature' ? valueOf(facts.celsius) : null,
      changes_at: changesAtWallMs,
    };
  });

const valueOf = <Value>(fact: Fact<Value>): Value | null => (fact.known ? fact.value : null);
