import { useQuery } from '@tanstack/react-query';
import type { Board } from './api-types.js';
import { useApi } from './api-context.js';
import { setServiceClock } from './service-clock.js';

export function useBoard() {
  const api = useApi();
  return useQuery({
    queryKey: ['board'],
    queryFn: async ({ signal }) => {
      const board = await api.get<Board>('/board', {}, signal);
      setServiceClock(board.now);
      return board;
    },
  });
}
