package org.thalweg.engine.cpu.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.regex.Pattern;
import org.thalweg.api.engine.ScriptedOperation;

/** The two functions of a scripted operation, loaded. Thread-safe. */
final class Program {
  private static final String FORWARD =
      """
        def forward(self: __torch__.Function, inputs: List[Tensor]) -> Tuple[List[Tensor], List[Tensor]]:
          outputs = annotate(List[Tensor], [])
          kept = annotate(List[Tensor], [])
      """;

  private static final String VJP =
      """
        def vjp(self: __torch__.Function, inputs: List[Tensor], kept: List[Tensor], cotangents: List[Tensor]) -> List[Tensor]:
          results = annotate(List[Tensor], [])
      """;

  /** Matrix products with factors and results of 8 bits of the mantissa, by libtorch's types. */
  private static final String ROUNDED =
      """
      def rounded_mm(a: Tensor, b: Tensor) -> Tensor:
        return torch.to(torch.mm(torch.to(a, 15), torch.to(b, 15)), 6)
      def rounded_addmm(c: Tensor, a: Tensor, b: Tensor) -> Tensor:
        return torch.add(c, __torch__.rounded_mm(a, b))
      def rounded_addmm_(c: Tensor, a: Tensor, b: Tensor) -> Tensor:
        return torch.add_(c, __torch__.rounded_mm(a, b))
      """;

  private static final Pattern PRODUCT = Pattern.compile("torch\\.(mm|addmm_?)\\(");

  private static final MethodHandle RUN = runMethod();
  private static final MethodHandle RESULT = result();

  private final PtSymbolBlock block;
  private final Scripts scripts;

  /** What a forward pass gives. The inputs and what was kept belong to whoever closes them. */
  record Result(IValue inputs, IValue kept, List<PtNDArray> outputs) implements AutoCloseable {
    @Override
    public void close() {
      inputs.close();
      kept.close();
    }
  }

  /** Loads an operation as it is; {@code manager} holds it. */
  static Program exact(PtNDManager manager, ScriptedOperation operation, Scripts scripts) {
    return new Program(Script.load(manager, code(operation)), scripts);
  }

  /** Loads an operation whose matrix products are rounded. */
  static Program rounded(PtNDManager manager, ScriptedOperation operation, Scripts scripts) {
    String code = PRODUCT.matcher(code(operation)).replaceAll("__torch__.rounded_$1(");
    return new Program(Script.load(manager, ROUNDED, code), scripts);
  }

  private Program(PtSymbolBlock block, Scripts scripts) {
    this.block = block;
    this.scripts = scripts;
  }

  private static String code(ScriptedOperation operation) {
    return FORWARD
        + operation.forward().indent(4)
        + "    return (outputs, kept)\n"
        + VJP
        + operation.vjp().indent(4)
        + "    return results\n";
  }

  /** Computes the outputs, on {@code manager}. */
  Result forward(PtNDManager manager, List<PtNDArray> inputs) {
    IValue given = IValue.listFrom(inputs.toArray(PtNDArray[]::new));
    try {
      return result(manager, given);
    } catch (RuntimeException | Error e) {
      given.close(); // Nobody else would; it holds the inputs.
      throw e;
    }
  }

  private Result result(PtNDManager manager, IValue given) {
    try (IValue both = run("forward", given)) {
      IValue[] parts = both.toIValueTuple();
      try (IValue outputs = parts[0]) {
        return new Result(given, parts[1], List.of(outputs.toTensorArray(manager)));
      } catch (RuntimeException | Error e) {
        parts[1].close();
        throw e;
      }
    }
  }

  /** Computes the cotangents of the first inputs, on {@code manager}. */
  List<PtNDArray> vjp(PtNDManager manager, Result result, List<PtNDArray> cotangents) {
    try (IValue given = IValue.listFrom(cotangents.toArray(PtNDArray[]::new));
        IValue results = run("vjp", result.inputs(), result.kept(), given)) {
      return List.of(results.toTensorArray(manager));
    }
  }

  private IValue run(String method, IValue... arguments) {
    long[] handles = new long[arguments.length];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    // Of each thread in libtorch, where it is on unless somebody says otherwise.
    JniUtils.setGraphExecutorOptimize(scripts == Scripts.FUSED);
    try {
      long result = (long) RUN.invokeExact((long) block.getHandle(), method, handles, true, false);
      return (IValue) RESULT.invokeExact(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      JniUtils.setGraphExecutorOptimize(true);
    }
  }

  /**
   * DJL's public way to run a method with lists as its arguments makes arrays of libtorch's
   * inference mode, which a gradient cannot be asked of; the function below it has the choice.
   */
  private static MethodHandle runMethod() {
    try {
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      MethodType type =
          MethodType.methodType(
              long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
      Object instance = lookup.findStaticVarHandle(library, "LIB", library).get();
      return lookup.findVirtual(library, "moduleRunMethod", type).bindTo(instance);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle result() {
    try {
      return MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
          .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
