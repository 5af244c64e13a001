// Asks the scheduler for copies of its databases. It makes one at a time, so while another caller has them made, the command waits.
import type { Outcome } from '../../shared/api/app-api';

const RETRY_MS = 500;
const MAX_RETRIES = 20;

/** `ask` sends one request. Every other refusal, and that of the last retry, is returned. */
export async function askForCopies<Answer>(
  ask: () => Promise<Outcome<Answer>>,
  sleep: (ms: number) => Promise<void>,
): Promise<Outcome<Answer>> {
  let answer = await ask();
  for (let retries = 0; isBusy(answer) && retries < MAX_RETRIES; retries++) {
    await sleep(RETRY_MS);
    answer = await ask();
  }
  return answer;
}

const isBusy = (answer: Outcome<unknown>): boolean => !answer.ok && answer.error.details?.['reason'] === 'backup_running';
