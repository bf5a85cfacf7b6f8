import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('./src/renderer', import.meta.url))

// One build for each window instead of one build with two entries: shared chunks would cost the consent window a request
// and the operator's size. Both land in dist/renderer side by side.
const page = (name: 'operator' | 'display' | 'consent') => ({
  consumer: 'client' as const,
  build: { emptyOutDir: false, rolldownOptions: { input: `${root}/${name}.html` } },
})

export default defineConfig({
  root,
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist/renderer',
    target: 'chrome136',
    // The pages may not connect anywhere, and every Chromium that they run in preloads modules by itself.
    modulePreload: { polyfill: false },
    // Data addresses would hide small files from the content security policy's list of what a page loads.
    assetsInlineLimit: 0,
    // React, zod and simple-peer for an app that loads from the disk; the figure says when something large was added by mistake.
    chunkSizeWarningLimit: 650,
  },
  // A worker is a file of its own, like every script of the page.
  worker: { format: 'es' },
  environments: { client: page('operator'), display: page('display'), consent: page('consent') },
  builder: {
    sharedPlugins: true,
    buildApp: async builder => {
      for (const environment of Object.values(builder.environments)) await builder.build(environment)
    },
  },
})
