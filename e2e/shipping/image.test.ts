// The image and what starts it, as far as it can be proved without Docker. The rest: scripts/try-image.ts, as root.
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseConfig } from "@dragoman/gateway";
import { PLATFORMS } from "../../scripts/executable/platforms.ts";
import { librariesOf, missingInBase } from "../../scripts/image/libraries.ts";

const ROOT = resolve(import.meta.dir, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Service {
  readonly image: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly environment: Readonly<Record<string, string>>;
}
const services = (path: string): Readonly<Record<string, Service>> => (Bun.YAML.parse(read(path)) as { readonly services: Record<string, Service> }).services;

const instructions = read("Dockerfile").replaceAll(/^#.*\n/gm, "").replaceAll("\\\n", " ").split("\n").map((line) => line.replaceAll(/\s+/g, " ").trim());
const all = (word: string): readonly string[] => instructions.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

test("everything that the Dockerfile copies is there, and in the context", () => {
  const copied = all("COPY").filter((line) => !line.includes("--from=")).flatMap((line) => line.split(" ").slice(0, -1));
  const kept = read(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(copied.length).toBeGreaterThan(8);
  for (const path of copied) {
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(kept).toContain(path.split("/")[0] ?? "");
  }
});

test("every package of the workspace is known before npm installs", () => {
  const packages = (JSON.parse(read("package-lock.json")) as { readonly packages: Record<string, unknown> }).packages;
  const folders = Object.keys(packages).filter((path) => /^packages\/[^/]+$/.test(path));
  for (const folder of folders) expect(all("COPY").some((line) => line.startsWith(`${folder}/package.json `))).toBe(true);
});

test("it runs as a user by number, says where its data is, and asks itself for its health", () => {
  expect(all("USER")).toEqual(["65532:65532"]);
  expect(all("VOLUME")).toEqual(["/data"]);
  expect(all("ENV").join(" ")).toContain("DRAGOMAN_HOME=/data");
  expect(all("HEALTHCHECK")[0]).toContain('CMD ["/dragoman", "health"]');
  const stages = all("RUN").join(" ");
  for (const platform of stages.matchAll(/platform=([\w-]+)/g)) expect(PLATFORMS.map(({ name }) => name)).toContain(platform[1] ?? "");
});

// `ldd` is Linux's.
if (process.platform === "linux") {
  test("the runtime is linked with nothing that the base image lacks", () => {
    expect(librariesOf(process.execPath).length).toBeGreaterThan(3);
    expect(missingInBase(librariesOf(process.execPath))).toEqual([]);
  });
}

test("services have no more than they need, and are reached from this machine alone", () => {
  const everyone = Object.entries({ ...services("compose.postgres.yaml"), ...services("compose.yaml") });
  expect(everyone.map(([name]) => name).toSorted()).toEqual(["dragoman", "postgres"]);
  for (const [, service] of everyone) {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    for (const port of service.ports ?? []) expect(port).toStartWith("127.0.0.1:");
  }
  expect(services("compose.yaml").dragoman?.healthcheck.test).toEqual(["CMD", "/dragoman", "health"]);
  expect(services("compose.postgres.yaml").dragoman?.environment.DATABASE_URL).toStartWith("postgres://dragoman:${POSTGRES_PASSWORD:?");
});

test("the Kubernetes example runs as the image's user, asks both questions of health, and mounts where the image writes", () => {
  const documents = Bun.YAML.parse(read("deploy/kubernetes.yaml")) as readonly { readonly kind: string; readonly spec: unknown; readonly data?: Readonly<Record<string, string>> }[];
  expect(documents.map(({ kind }) => kind)).toEqual(["ConfigMap", "PersistentVolumeClaim", "Deployment", "Service"]);
  const pod = (documents[2]?.spec as { readonly template: { readonly spec: { readonly securityContext: unknown; readonly containers: readonly Readonly<Record<string, unknown>>[] } } }).template.spec;
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
  expect(pod.containers[0]).toMatchObject({
    livenessProbe: { httpGet: { path: "/health/live" } },
    readinessProbe: { httpGet: { path: "/health/ready" } },
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    volumeMounts: expect.arrayContaining([{ name: "data", mountPath: "/data" }]),
  });
  const config = parseConfig(Bun.YAML.parse(documents[0]?.data?.["config.yaml"] ?? ""), { DRAGOMAN_CLIENT_KEY: "k" });
  expect(config.ok && [config.config["api-keys"], config.config.host]).toEqual([["k"], ""]);
});
