/**
 * Frames as tables of Apache Arrow. The package is loaded when a table is
 * first asked for; programs that never ask, as the command line, do not
 * import this module and do not carry the package.
 */
import type { Data, Table, Vector } from "apache-arrow";
import { columnOf } from "../arrays/dense.ts";
import { bytesOf, type DType } from "../arrays/dtypes.ts";
import { Frame, type FrameLabels } from "./frame.ts";

type Arrow = typeof import("apache-arrow");

Frame.toArrow = frameToArrow;

async function frameToArrow(frame: Frame): Promise<Table> {
  const { dtype } = frame.matrix;
  if (dtype === "complex64" || dtype === "complex128") {
    throw new TypeError(
      `Cannot make an Arrow table of ${dtype}: it has no complex numbers`,
    );
  }
  const arrow = await import("apache-arrow");
  const labels: readonly unknown[] = Array.from(frame.columns as string[]);
  const names = ["index", ...labels.map(String)];
  const vectors = [labelsVector(arrow, frame.index)];
  for (let column = 0; column < frame.columns.length; column++) {
    const values = columnOf(frame.matrix, column);
    vectors.push(valuesVector(arrow, dtype, values));
  }
  return makeTable(arrow, names, vectors);
}

/** Labels may be numbers or repeat, which keys of an object may not. */
function makeTable(
  arrow: Arrow,
  names: readonly string[],
  vectors: readonly Vector[],
): Table {
  const fields = vectors.map((vector, at) =>
    new arrow.Field(names[at]!, vector.type, false)
  );
  const data = arrow.makeData({
    type: new arrow.Struct(fields),
    length: vectors[0]!.length,
    nullCount: 0,
    children: vectors.map((vector) =>
      vector.data[0] ?? arrow.makeData({ type: vector.type, length: 0 })
    ),
  });
  const schema = new arrow.Schema(fields);
  return new arrow.Table(new arrow.RecordBatch(schema, data));
}

function labelsVector(arrow: Arrow, labels: FrameLabels): Vector {
  return labels instanceof Int32Array
    ? arrow.makeVector(labels)
    : arrow.vectorFromArray(labels, new arrow.Utf8());
}

function valuesVector(
  arrow: Arrow,
  dtype: DType,
  values: ReturnType<typeof columnOf>,
): Vector {
  if (dtype === "bool") {
    const bools = Array.from(values as Uint8Array, (value) => value !== 0);
    return arrow.vectorFromArray(bools, new arrow.Bool());
  }
  if (dtype === "float16") {
    const bytes = bytesOf(values);
    const data: Data = arrow.makeData({
      type: new arrow.Float16(),
      data: new Uint16Array(bytes.buffer, bytes.byteOffset, values.length),
    });
    return arrow.makeVector(data);
  }
  return arrow.makeVector(values as Float32Array);
}
