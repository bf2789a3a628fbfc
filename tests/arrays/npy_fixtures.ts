/**
 * Files as `numpy.lib.format.write_array` of numpy 2.4.6 wrote them, and what is
 * in them, so that machines without numpy test against it too.
 */
import type { DType } from "../../src/arrays/dtypes.ts";

export interface NpyFixture {
  readonly title: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Whether `numpy.save` of the values gives these very bytes. */
  readonly canonical: boolean;
  readonly values: readonly (number | bigint)[];
  readonly base64: string;
}

export const NPY_FIXTURES: readonly NpyFixture[] = [
  {
    title: "int8 of one axis",
    dtype: "int8",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [-128, 127],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqAfw==",
  },
  {
    title: "int16 of one axis",
    dtype: "int16",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [-32768, 32767],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAgP9/",
  },
  {
    title: "int32 of one axis",
    dtype: "int32",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [-2147483648, 2147483647],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAACA////fw==",
  },
  {
    title: "int64 of one axis",
    dtype: "int64",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [-9223372036854775808n, 9223372036854775807n],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAgP////////9/",
  },
  {
    title: "uint8 of one axis",
    dtype: "uint8",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0, 255],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA/w==",
  },
  {
    title: "uint16 of one axis",
    dtype: "uint16",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0, 65535],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPHUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAP//",
  },
  {
    title: "uint32 of one axis",
    dtype: "uint32",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0, 4294967295],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPHU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAA/////w==",
  },
  {
    title: "uint64 of one axis",
    dtype: "uint64",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0n, 18446744073709551615n],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPHU4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAP//////////",
  },
  {
    title: "float16 of one axis",
    dtype: "float16",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0.5, -65504],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAOP/7",
  },
  {
    title: "float32 of one axis",
    dtype: "float32",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [0.5, -0.25],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA/AACAvg==",
  },
  {
    title: "float64 of one axis",
    dtype: "float64",
    shape: [2],
    fortranOrder: false,
    canonical: true,
    values: [
      0.1,
      -1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160,
    ],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqamZmZmZm5P5x1AIg85Df+",
  },
  {
    title: "complex64 of one axis",
    dtype: "complex64",
    shape: [1],
    fortranOrder: false,
    canonical: true,
    values: [1.5, -2],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwA==",
  },
  {
    title: "complex128 of one axis",
    dtype: "complex128",
    shape: [1],
    fortranOrder: false,
    canonical: true,
    values: [0.1, 2],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGMxNicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqamZmZmZm5PwAAAAAAAABA",
  },
  {
    title: "bool of one axis",
    dtype: "bool",
    shape: [3],
    fortranOrder: false,
    canonical: true,
    values: [1, 0, 1],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAE=",
  },
  {
    title: "a single value",
    dtype: "int32",
    shape: [],
    fortranOrder: false,
    canonical: true,
    values: [7],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoHAAAA",
  },
  {
    title: "an empty axis",
    dtype: "float64",
    shape: [0],
    fortranOrder: false,
    canonical: true,
    values: [],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=",
  },
  {
    title: "an empty matrix in Fortran order",
    dtype: "float32",
    shape: [3, 0],
    fortranOrder: false,
    canonical: true,
    values: [],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDApLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=",
  },
  {
    title: "a matrix in C order",
    dtype: "int16",
    shape: [2, 3],
    fortranOrder: false,
    canonical: true,
    values: [0, 1, 2, 3, 4, 5],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAEAAgADAAQABQA=",
  },
  {
    title: "a matrix in Fortran order",
    dtype: "int16",
    shape: [2, 3],
    fortranOrder: true,
    canonical: true,
    values: [0, 3, 1, 4, 2, 5],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAMAAQAEAAIABQA=",
  },
  {
    title: "three axes",
    dtype: "uint8",
    shape: [2, 2, 2],
    fortranOrder: false,
    canonical: true,
    values: [0, 1, 2, 3, 4, 5, 6, 7],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAUGBw==",
  },
  {
    title: "ten axes",
    dtype: "uint8",
    shape: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    fortranOrder: false,
    canonical: true,
    values: [0],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsIDEsIDEsIDEsIDEsIDEsIDEsIDEsIDEsIDEpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA",
  },
  {
    title: "version 2",
    dtype: "int32",
    shape: [2],
    fortranOrder: false,
    canonical: false,
    values: [1, 2],
    base64:
      "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAgAAAA==",
  },
  {
    title: "version 3",
    dtype: "int32",
    shape: [2],
    fortranOrder: false,
    canonical: false,
    values: [1, 2],
    base64:
      "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8aTQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAgAAAA==",
  },
  {
    title: "big-endian int32",
    dtype: "int32",
    shape: [2],
    fortranOrder: false,
    canonical: false,
    values: [1, -2],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAB/////g==",
  },
  {
    title: "big-endian uint64",
    dtype: "uint64",
    shape: [2],
    fortranOrder: false,
    canonical: false,
    values: [1n, 9223372036854775808n],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPnU4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAYAAAAAAAAAA",
  },
  {
    title: "big-endian float16",
    dtype: "float16",
    shape: [2],
    fortranOrder: false,
    canonical: false,
    values: [0.5, 2],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo4AEAA",
  },
  {
    title: "big-endian complex64",
    dtype: "complex64",
    shape: [1],
    fortranOrder: false,
    canonical: false,
    values: [1.5, -2],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/wAAAwAAAAA==",
  },
  {
    title: "a big-endian matrix in Fortran order",
    dtype: "float64",
    shape: [2, 3],
    fortranOrder: true,
    canonical: false,
    values: [0, 3, 1, 4, 2, 5],
    base64:
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAEAIAAAAAAAAP/AAAAAAAABAEAAAAAAAAEAAAAAAAAAAQBQAAAAAAAA=",
  },
];
