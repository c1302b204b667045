import { useMutation } from '@tanstack/react-query';
import type { CutQuestion } from './api-types-promises.js';
import { useApi } from './api-context.js';

/** Asks whether a supply may be cut as planned; a refusal is a ProblemError whose errors are CutFindings. Nothing is stored. */
export function useCutCheck() {
  const api = useApi();
  return useMutation({
    mutationFn: (question: CutQuestion) => api.post<{ policyVersion: number }>('/disconnections/check', question),
  });
}
