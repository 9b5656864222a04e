import type { KindModel, MemberModel, Model } from "../../model/model.js";
import type { KindNames } from "../kind-names.js";
import { inLayoutOrder } from "./layout.js";
import { rustWord } from "./rust-names.js";

/** What generated code and its Rust types call the kinds of a schema. Equal paths of equal kinds have equal titles. */
export interface KindTitles {
  /** The session itself: `Session`. */
  readonly root: string;
  /** Of objects, enums and tuples: `SessionCartItem`. */
  readonly types: ReadonlyMap<KindModel, string>;
  /** Of all kinds, by where they are. Not one of a kind that is there twice. */
  readonly paths: ReadonlyMap<KindModel, string>;
}

/** The titles of a schema's kinds, in the order in which the layout meets them. */
export function kindTitles({ fields }: Pick<Model, "fields">, names: KindNames): KindTitles {
  const taken = new Set(reserved);
  const types = new Map<KindModel, string>();
  const paths = new Map<KindModel, string>();
  const titled = (kind: KindModel, path: string): string => {
    const title = rustWord(path, taken);
    types.set(kind, title);
    return title;
  };
  const visit = (kind: KindModel, path: string): void => {
    paths.set(kind, path);
    if (kind.type === "nullable") visit(kind.inner, path);
    if (kind.type === "array") visit(kind.items, `${path}_item`);
    if (kind.type === "literal") titled(kind, path);
    if (kind.type === "object") visitMembers(kind.members, titled(kind, path));
    if (kind.type === "record") {
      paths.set(kind.keys, `${path}_key`);
      visit(kind.values, `${path}_value`);
    }
    if (kind.type !== "tuple") return;
    const title = titled(kind, path);
    for (const [index, item] of kind.items.entries()) visit(item, `${title}_${index + 1}`);
    if (kind.rest !== undefined) visit(kind.rest, `${title}_rest`);
  };
  const visitMembers = (members: readonly Pick<MemberModel, "name" | "kind">[], title: string): void => {
    for (const { name, kind } of inLayoutOrder(members)) visit(kind, `${title}_${name}`);
  };
  const root = rustWord(names.session, taken);
  visitMembers(fields, root);
  return { root, types, paths };
}

/** Names that the Rust source uses for something else. */
const reserved = ["Value", "String", "Vec", "Option", "BTreeMap", "Encode", "Decode"];
