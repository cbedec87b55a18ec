package org.thalweg.toolkit.train;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;

/**
 * An engine whose recording tapes hold no array of more than some rows, and say so as libtorch
 * does.
 */
final class Cramped {
  private Cramped() {}

  static Engine engine(Engine roomy, int most) {
    return proxy(
        Engine.class,
        roomy,
        (name, arguments, result) -> {
          if (result instanceof Engine part) {
            return engine(part, most);
          }
          return result instanceof Tape tape ? tape(tape, most) : result;
        });
  }

  /** One that has no room until it gives back what it keeps. */
  static Engine untilTrimmed(Engine roomy) {
    AtomicInteger most = new AtomicInteger();
    return proxy(
        Engine.class,
        roomy,
        (name, arguments, result) -> {
          if (name.equals("trim")) {
            most.set(Integer.MAX_VALUE);
          }
          return result instanceof Tape tape ? tape(tape, most.get()) : result;
        });
  }

  private static Tape tape(Tape roomy, int most) {
    return proxy(
        Tape.class,
        roomy,
        (name, arguments, result) -> {
          // Scoring has chunks of its own, and room for them.
          if (roomy.mode() != Tape.Mode.EVALUATE && rows(name, arguments, result) > most) {
            throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB.");
          }
          return result;
        });
  }

  /** Of what comes onto the tape: sent, or picked among the rows that a device keeps. */
  private static long rows(String name, Object[] arguments, Object result) {
    return switch (name) {
      case "constant" -> ((Shape) arguments[1]).get(0);
      case "apply" -> ((NDList) result).get(0).getShape().get(0);
      default -> 0;
    };
  }

  private interface After {
    Object of(String name, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(target, arguments);
                return after.of(method.getName(), arguments, result);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(made);
  }
}
