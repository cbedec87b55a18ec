package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function of TorchScript. It reaches operations of libtorch that DJL does not bind; its archive
 * is a zip file of a page of text.
 */
final class Script {
  private static final String CLASS =
      """
      class Function(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;

  /**
   * The function's frame: {@code outputs}, one of the {@code seeds} for each, and {@code inputs},
   * all from one list; {@code count} has as many elements as there are outputs.
   */
  private static final String CODE =
      """
        def forward(self: __torch__.Function, count: Tensor, arrays: List[Tensor]) -> List[Tensor]:
          n = torch.size(count, 0)
          outputs = annotate(List[Tensor], [])
          seeds = annotate(List[Optional[Tensor]], [])
          for i in range(n):
            _0 = torch.append(outputs, arrays[i])
            _1 = torch.append(seeds, arrays[torch.add(n, i)])
          inputs = annotate(List[Tensor], [])
          for i in range(torch.sub(torch.len(arrays), torch.mul(2, n))):
            _2 = torch.append(inputs, arrays[torch.add(torch.mul(2, n), i)])
          results = annotate(List[Tensor], [])
      """;

  /** A pickled object of the class above, with {@code training = False}. */
  private static final String OBJECT =
      "\u0080\u0002c__torch__\nFunction\n)\u0081}(X\b\0\0\0training\u0089ub.";

  private static final String EMPTY_TUPLE = "\u0080\u0002).";
  private static final String LIST = "arrays[]";

  private final PtSymbolBlock block;

  /**
   * Loads a function.
   *
   * @param manager what holds it
   * @param body the lines that fill {@code results}
   */
  Script(PtNDManager manager, String body) {
    block = load(manager, CODE + body.indent(4) + "    return results\n");
  }

  /**
   * Loads functions that belong together.
   *
   * @param manager what holds them
   * @param functions their definitions, indented by two spaces
   */
  static PtSymbolBlock load(PtNDManager manager, String functions) {
    return load(manager, "", functions);
  }

  /**
   * Loads functions that belong together.
   *
   * @param manager what holds them
   * @param helpers functions that they call as {@code __torch__.name}, not indented
   * @param functions their definitions, indented by two spaces
   */
  static PtSymbolBlock load(PtNDManager manager, String helpers, String functions) {
    try {
      byte[] archive = archive(helpers + CLASS + functions);
      return JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calls the function; the results are on {@code manager}. */
  List<PtNDArray> call(
      PtNDManager manager, List<PtNDArray> outputs, List<PtNDArray> seeds, List<PtNDArray> inputs) {
    PtNDArray count = manager.create(new Shape(outputs.size()), DataType.UINT8);
    NDList arguments = new NDList(count);
    arguments.addAll(outputs);
    arguments.addAll(seeds);
    arguments.addAll(inputs);
    // DJL makes one list of the arrays that share such a name.
    List<String> names = new ArrayList<>();
    for (int i = 1; i < arguments.size(); i++) {
      names.add(arguments.get(i).getName());
    }
    // Compiling a few lines for each shape that comes would cost more than it wins.
    JniUtils.setGraphExecutorOptimize(false);
    try {
      arguments.subList(1, arguments.size()).forEach(array -> array.setName(LIST));
      NDList results = IValueUtils.forward(block, arguments, true);
      return results.stream().map(PtNDArray.class::cast).toList();
    } finally {
      JniUtils.setGraphExecutorOptimize(true);
      // Backwards, as an array that occurs twice had its own name the first time only.
      for (int i = arguments.size() - 1; i >= 1; i--) {
        arguments.get(i).setName(names.get(i - 1));
      }
    }
  }

  private static byte[] archive(String code) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", OBJECT);
      store(zip, "code/__torch__.py", code);
      store(zip, "constants.pkl", EMPTY_TUPLE);
      // Read as an older one, every division would first ask whether its numbers are whole.
      store(zip, "version", "10\n");
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("function/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
