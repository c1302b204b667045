import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build web` writes the console to dist/web, where modules/console serves it; `vite dev web` takes the API from a running service. */
export default defineConfig({
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 2_000 },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/health': 'http://127.0.0.1:3000' } },
});
