// Chromium under the C locale calls its language `en-US@posix`, which `Intl` refuses (seen 2026-11 with Debian's); the
// chart library asks `Intl` for it as soon as it is loaded. Imported first, for its effect.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: navigator.language.replace(/[@_].*$/, "") || "en", configurable: true });
}
