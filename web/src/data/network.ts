import { useQuery } from '@tanstack/react-query';
import type { AccountSupply, Asset, AssetDetail } from './api-types-network.js';
import type { Page } from './client.js';
import { useApi } from './api-context.js';
import type { Language } from './language.js';

const MOST = 50;

/** The call taker's answer for one account. */
export function useAccountSupply(accountNo: string, language: Language) {
  const api = useApi();
  return useQuery({
    queryKey: ['accounts', accountNo, language],
    queryFn: ({ signal }) =>
      api.get<AccountSupply>(`/accounts/${encodeURIComponent(accountNo)}/supply`, { language }, signal),
  });
}

export function useAssets(q: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['network', 'list', q],
    queryFn: ({ signal }) => api.get<Page<Asset>>('/network/assets', { q, limit: MOST }, signal),
    select: (page) => page.items,
    enabled: q !== '',
  });
}

export function useAsset(code: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['network', 'one', code],
    queryFn: ({ signal }) => api.get<AssetDetail>(`/network/assets/${encodeURIComponent(code)}`, {}, signal),
  });
}
