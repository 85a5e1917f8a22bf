// Who may know whom. `npm run check` runs it; `--output-type mermaid` draws the house.
const src = (name) => `^packages/${name}/src/`;
const test = "\\.test\\.ts$";
const rule = (name, from, to) => ({ name, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule("no-cycles", {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
    rule("core-stands-alone", { path: src("core"), pathNot: test }, { pathNot: "^packages/core/" }),
    rule("web-standard-only", { path: src("(core|gateway|worker)"), pathNot: test }, { dependencyTypes: ["core"] }),
    rule("gateway-knows-core-only", { path: src("gateway") }, { path: "^packages/(server|worker|admin)/" }),
    rule("hosts-do-not-meet", { path: src("(server|worker)") }, { path: "^packages/(server|worker)/", pathNot: "^packages/$1/" }),
    rule("admin-speaks-http", { path: src("admin") }, { path: "^packages/(core|gateway|server|worker)/", pathNot: "gateway/src/management/contract" }),
    rule("front-doors-only", { path: "^packages/([^/]+)/" }, {
      path: "^packages/[^/]+/src/",
      pathNot: ["^packages/$1/", "/src/[^/]+\\.ts$", "gateway/src/management/contract", "/src/testing/index"],
    }),
    rule("dialects-do-not-meet", { path: src("core") + "dialects/([^/]+)/", pathNot: test }, { path: src("core") + "dialects/[^/]+/", pathNot: src("core") + "dialects/$1/" }),
    rule("canonical-knows-nobody", { path: src("core") + "canonical/", pathNot: test }, { pathNot: src("core") + "canonical/" }),
    rule("providers-do-not-meet", { path: src("core") + "providers/([^/]+)\\.ts$", pathNot: "/(index|define-provider)\\.ts$" }, {
      path: src("core") + "providers/",
      pathNot: ["/define-provider\\.ts$", src("core") + "providers/$1\\."],
    }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["@dragoman/source", "import", "types", "default"] },
  },
};
