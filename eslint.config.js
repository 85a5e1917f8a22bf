// Lint rules. Formatting is nobody's business here; meaning, size and the borders of the core are.
import tseslint from "typescript-eslint";

/** The core computes: no network, no clock, no chance, no output. */
const CORE_FORBIDS = ["fetch", "console", "crypto", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "performance", "process", "Buffer", "Date"];

const tests = ["**/*.test.ts", "conformance/**", "e2e/**", "bench/**", "scripts/**", "examples/**", "packages/*/src/**/testing.ts"];

export default tseslint.config(
  { ignores: ["**/node_modules", "**/dist"] },
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "smart"],
      "no-constant-binary-expression": "error",
      "no-unreachable-loop": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-control-regex": "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-params": ["error", { max: 4 }],
      "max-lines-per-function": ["error", { max: 80, skipComments: true, skipBlankLines: true }],
      "max-lines": ["error", { max: 500, skipComments: true, skipBlankLines: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["packages/core/src/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": ["error", ...CORE_FORBIDS],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["packages/gateway/src/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: { "no-console": "error", "no-restricted-globals": ["error", "process", "Buffer", "setInterval"] },
  },
  { files: ["packages/server/bin/*.js", "scripts/*.js", "*.js", "*.cjs", ".*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    files: tests,
    rules: { "max-lines-per-function": "off", "max-lines": "off", "max-params": "off", "@typescript-eslint/no-non-null-assertion": "off", "no-template-curly-in-string": "off" },
  },
);
