import type { IndexHistory } from "../history/index-history.js";
import type { FieldLineage } from "../history/lineage.js";
import type { ModelVersion } from "../history/model-file.js";
import type { KnownNumbers } from "../history/numbers.js";
import type { CodecName, Model } from "../model/model.js";
import type { IndexColumn } from "./index-columns.js";
import type { KindNames } from "./kind-names.js";
import type { ImportExtension } from "./source-file.js";

/** What every emitter is given. */
export interface EmitInput {
  readonly model: Model;
  readonly names: KindNames;
  /** The schema file's name without folders, for the header line. */
  readonly schemaFile: string;
  readonly extension: ImportExtension;
  /** Names this version of the shape in each record's header. */
  readonly shapeHash: string;
  /** The numbers of fields and the codes of enum values, those of earlier versions too. */
  readonly numbers: KnownNumbers;
  /** The fields as the model file has them, with what they were in earlier versions. */
  readonly lineage: readonly FieldLineage[];
  /** All versions of the model file, oldest first; none when left out. */
  readonly versions?: readonly ModelVersion[];
  /** From the output folder to the file with the app's upgrades, as a relative path with its ending. */
  readonly upgradePath?: string | undefined;
  /** The codecs that wrote records before the schema chose the present one; none when left out. */
  readonly formerCodecs?: readonly CodecName[];
  /** The columns of the indexed fields; empty unless the backend is a database. */
  readonly columns: readonly IndexColumn[];
  /** Indexes that not every version keeps; every one does when left out. */
  readonly indexes?: IndexHistory;
  /** The names that the table had before, the latest first; none when left out. */
  readonly formerTables?: readonly string[];
}
