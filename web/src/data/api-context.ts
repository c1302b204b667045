import { createContext, useContext } from 'react';
import type { ApiClient } from './client.js';

const Context = createContext<ApiClient | null>(null);

export const ApiProvider = Context.Provider;

/**
 * The API with the key of the person who signed in. Only below the sign-in.
 * Hooks that write do not wait (`void invalidateQueries`) for what is read again: the row may leave the list, and with it who is told.
 */
export function useApi(): ApiClient {
  const api = useContext(Context);
  if (api === null) throw new Error('useApi needs somebody who is signed in');
  return api;
}
