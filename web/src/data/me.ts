import { useQuery } from '@tanstack/react-query';
import { mayCall } from '../model/calls.js';
import type { Call, Role } from '../model/calls.js';
import { useApi } from './api-context.js';

export interface Me {
  /** Of the key. */
  name: string;
  roles: Role[];
  /** May see names and numbers in clear; each reading is recorded. */
  personalData: boolean;
}

/** Whose key this is. A key's roles never change. */
export function useMe() {
  const api = useApi();
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => api.get<Me>('/me', {}, signal),
    staleTime: Infinity,
    refetchInterval: false,
  });
}

/** Whether this key may make the call; while it is not known whose key it is, no. The service decides: where it does not say, all is shown. */
export function useMay(call: Call): boolean {
  const { data: me, isError } = useMe();
  return isError || (me !== undefined && mayCall(call, me.roles));
}
