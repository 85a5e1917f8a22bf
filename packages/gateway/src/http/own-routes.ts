import { DIALECTS, type Dialect } from "@dragoman/core";
import { decodeSegment, dialectOfUnknown, findRoute, normalise, type Errand, type OtherMethods, type Route } from "./routes.ts";

/** A dialect that is not of the house, with the paths at which its clients call. */
export interface RoutedDialect extends Dialect {
  readonly routes: readonly DialectRoute[];
}

export interface DialectRoute {
  /** Without a slash at the end; one segment may be a name in braces: `/v9/models/{model}`. It goes before paths of the house. */
  readonly path: string;
  readonly errand: Extract<Errand, "generate" | "count" | "models" | "model" | "embeddings">;
  /** `POST`, and `GET` for lists of models, when absent. */
  readonly method?: string;
}

/** The paths and dialects of one gateway. */
export interface Routes {
  readonly dialects: readonly Dialect[];
  find(method: string, path: string, headers: Headers): Route | OtherMethods | undefined;
  /** The dialect in which a stranger to all of our paths is answered. */
  dialectOfUnknown(path: string): Dialect;
}

const HOUSE: Routes = { dialects: DIALECTS, find: findRoute, dialectOfUnknown };

/** A dialect of a gateway's own stands beside those of the house, or in place of the one of the same id. */
export function createRoutes(own: readonly RoutedDialect[]): Routes {
  return own.length === 0 ? HOUSE : new OwnRoutes(own);
}

interface OwnRow {
  readonly route: Route;
  readonly method: string;
  readonly match: RegExp;
}

class OwnRoutes implements Routes {
  readonly dialects: readonly Dialect[];
  readonly #byId: ReadonlyMap<string, Dialect>;
  readonly #rows: readonly OwnRow[];

  constructor(own: readonly RoutedDialect[]) {
    this.#byId = new Map(own.map((dialect) => [dialect.id, dialect]));
    this.dialects = [...DIALECTS.filter(({ id }) => !this.#byId.has(id)), ...own];
    this.#rows = own.flatMap((dialect) => dialect.routes.map((route) => rowOf(dialect, route)));
  }

  find(method: string, pathname: string, headers: Headers): Route | OtherMethods | undefined {
    return this.#findOwn(method, normalise(pathname)) ?? this.#replaced(findRoute(method, pathname, headers));
  }

  dialectOfUnknown(path: string): Dialect {
    return this.#inPlaceOf(dialectOfUnknown(path));
  }

  #findOwn(given: string, path: string): Route | OtherMethods | undefined {
    const method = given === "HEAD" ? "GET" : given;
    const there = this.#rows.filter(({ match }) => match.test(path));
    const [first] = there;
    if (first === undefined) return undefined;
    const row = there.find((each) => each.method === method);
    if (row === undefined) return { allow: there.map((each) => each.method), dialect: first.route.dialect };
    const parameter = row.match.exec(path)?.[1];
    return parameter === undefined ? row.route : { ...row.route, parameter: decodeSegment(parameter) };
  }

  #replaced<R extends Route | OtherMethods>(found: R | undefined): R | undefined {
    const dialect = found === undefined ? undefined : this.#inPlaceOf(found.dialect);
    return found === undefined || dialect === undefined || dialect === found.dialect ? found : { ...found, dialect };
  }

  #inPlaceOf(dialect: Dialect): Dialect {
    return this.#byId.get(dialect.id) ?? dialect;
  }
}

function rowOf(dialect: Dialect, { path, errand, method }: DialectRoute): OwnRow {
  const wanted = method ?? (errand === "models" || errand === "model" ? "GET" : "POST");
  const plain = normalise(path);
  const match = new RegExp(`^${plain.split(/\{\w+\}/).map(escaped).join("([^/]+)")}$`);
  return { method: wanted, match, route: { errand, dialect, methods: [wanted], ...(plain.includes("{") && { pattern: plain }) } };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
