import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// One build for each window instead of one build with two entries: shared chunks would cost the consent window a request
// and the operator's size. Both land in dist/renderer side by side.
const page = (name: 'operator' | 'consent') => ({
  consumer: 'client' as const,
  build: { emptyOutDir: false, rolldownOptions: { input: `src/renderer/${name}.html` } },
})

export default defineConfig({
  root: 'src/renderer',
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist/renderer',
    target: 'chrome136',
    // The pages may not connect anywhere, and every Chromium that they run in preloads modules by itself.
    modulePreload: { polyfill: false },
    // Data addresses would hide small files from the content security policy's list of what a page loads.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  environments: { client: page('operator'), consent: page('consent') },
  builder: {
    sharedPlugins: true,
    buildApp: async builder => {
      for (const environment of Object.values(builder.environments)) await builder.build(environment)
    },
  },
})
