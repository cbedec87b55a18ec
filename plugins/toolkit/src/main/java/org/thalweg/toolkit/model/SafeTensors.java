package org.thalweg.toolkit.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.error.ThalwegException;

/**
 * The safetensors format: the length of a JSON header as 8 bytes, the header, the data; all
 * little-endian. It holds numbers and their shapes, and nothing that could be executed.
 */
final class SafeTensors {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<DataType, String> NAMES =
      Map.of(DataType.FLOAT32, "F32", DataType.FLOAT64, "F64", DataType.INT64, "I64");

  private SafeTensors() {}

  /** The bytes of arrays, in the order of their names. */
  static byte[] encode(SortedMap<String, Tensor> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + tensor.data().remaining();
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("dtype", NAMES.get(tensor.type()));
      item.put("shape", tensor.shape().getShape());
      item.put("data_offsets", new long[] {offset, end});
      header.put(entry.getKey(), item);
      offset = end;
    }
    byte[] json = json(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(8 + padded + offset)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded).put(json);
    while (out.position() < 8 + padded) {
      out.put((byte) ' ');
    }
    tensors.values().forEach(tensor -> out.put(tensor.data().duplicate()));
    return out.array();
  }

  /**
   * The arrays in bytes, as views.
   *
   * @throws ThalwegException exit code 3 where the bytes are malformed
   */
  static SortedMap<String, Tensor> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.length < 8 ? -1 : in.getLong();
    if (length < 2 || length > bytes.length - 8) {
      throw ThalwegException.data("The weights' header is malformed.");
    }
    int start = 8 + (int) length;
    SortedMap<String, Tensor> out = new TreeMap<>();
    header(new String(bytes, 8, (int) length, StandardCharsets.UTF_8))
        .forEach(
            (name, item) -> {
              if (!name.equals("__metadata__")) {
                out.put(name, tensor(name, item, in, start));
              }
            });
    return out;
  }

  private static Tensor tensor(String name, Object item, ByteBuffer in, int start) {
    if (item instanceof Map<?, ?> map
        && map.get("dtype") instanceof String dtype
        && map.get("shape") instanceof List<?> shape
        && map.get("data_offsets") instanceof List<?> offsets
        && offsets.size() == 2) {
      DataType type =
          NAMES.entrySet().stream()
              .filter(entry -> entry.getValue().equals(dtype))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow(() -> ThalwegException.data("Weight '%s' has type '%s'.", name, dtype));
      long from = number(name, offsets.get(0));
      long to = number(name, offsets.get(1));
      long[] sizes = shape.stream().mapToLong(size -> number(name, size)).toArray();
      if (from > to || to > in.capacity() - start) {
        throw ThalwegException.data("Weight '%s' lies outside the file.", name);
      }
      ByteBuffer data = in.duplicate().position(start + (int) from).limit(start + (int) to).slice();
      return new Tensor(new Shape(sizes), type, data);
    }
    throw ThalwegException.data("The header of weight '%s' is malformed.", name);
  }

  private static long number(String name, Object value) {
    if (value instanceof Number number && number.longValue() >= 0) {
      return number.longValue();
    }
    throw ThalwegException.data("The header of weight '%s' holds '%s'.", name, value);
  }

  private static byte[] json(Map<String, Object> header) {
    try {
      return JSON.writeValueAsBytes(header);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> header(String json) {
    try {
      return JSON.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
    } catch (IOException e) {
      throw ThalwegException.data("The weights' header is malformed: %s", e.getMessage());
    }
  }
}
