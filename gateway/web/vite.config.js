import { defineConfig } from "vite";

// The gateway's Content-Security-Policy allows the page's own files and nothing else, so no asset
// may become a data: URL and nothing may be inlined.
export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // For work on the page: `npm run dev` against a pipeline that runs on port 8080.
  server: {
    proxy: {
      "/api": {
        target: process.env.GROOVE_URL ?? "http://127.0.0.1:8080",
        changeOrigin: true,
        headers: { origin: process.env.GROOVE_URL ?? "http://127.0.0.1:8080" },
      },
    },
  },
});
