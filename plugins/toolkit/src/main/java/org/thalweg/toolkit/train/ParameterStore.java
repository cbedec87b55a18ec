package org.thalweg.toolkit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.random.Seed;

/**
 * All parameters of a model, one after another in one memory. Parts declare them; the first use of
 * a value fixes the layout and fills it; from then on values are only ever written in place.
 */
public final class ParameterStore implements ParameterScope {
  /** 64 bytes of float32: what the vectorised kernels of a native library like. */
  private static final int ALIGNMENT = 16;

  /** One Java array holds a checkpoint; what is left up to 2^31 is for its other entries. */
  private static final long MOST_BYTES = 2_000_000_000;

  /** Beside the weight itself: Adam's two moments and the best weight so far, in double. */
  private static final int STATE_BYTES = 3 * Double.BYTES;

  private final Engine engine;
  private final Seed seed;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Region trainable = new Region();
  private final Region buffers = new Region();
  private boolean statistics;
  private boolean averaged;

  /**
   * An empty store.
   *
   * @param engine where the values live
   * @param seed the origin of the initial values
   */
  public ParameterStore(Engine engine, Seed seed) {
    this.engine = engine;
    this.seed = seed;
  }

  @Override
  public ParameterScope child(String name) {
    return new Child(name + ".");
  }

  @Override
  public Parameter parameter(String name, Shape shape, Initializer initializer) {
    return trainable.declare(name, shape, true, initializer);
  }

  @Override
  public Parameter buffer(String name, Shape shape, Initializer initializer) {
    return buffers.declare(name, shape, false, initializer);
  }

  @Override
  public Parameter statistic(String name, Shape shape, Initializer initializer) {
    statistics = true;
    return buffer(name, shape, initializer);
  }

  /** Whether a part keeps statistics of its input. */
  public boolean hasStatistics() {
    return statistics;
  }

  /** The parameters in the order of their declaration, buffers among them. */
  public List<Parameter> parameters() {
    return List.copyOf(parameters.values());
  }

  /** The trainable parameters in the order of their declaration. */
  public List<Parameter> trainable() {
    return parameters.values().stream().filter(Parameter::trainable).toList();
  }

  /** The number of trainable numbers. */
  public long size() {
    return trainable().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /**
   * The memory of the trainable parameters, to be written in place; call {@link Storage#publish}
   * afterwards. Between parameters there may be padding, which stays zero.
   */
  public Storage memory() {
    return trainable.real();
  }

  /** The number of elements of {@link #memory}, padding included. */
  public int memorySize() {
    return Math.toIntExact(trainable.length);
  }

  /** A copy of {@link #memory} in double precision, which holds either type exactly. */
  public double[] snapshot() {
    memory().fetch();
    return Elements.read(memory(), 0, new Shape(memorySize()));
  }

  /** Writes a {@link #snapshot} back. */
  public void restore(double[] snapshot) {
    Elements.write(memory(), 0, snapshot);
    memory().publish();
  }

  /**
   * Writes every parameter under its name.
   *
   * @throws ThalwegException exit code 5 where a number is not finite: no model of it would load
   */
  public void save(ModelWriter writer) {
    memory().fetch();
    for (Parameter p : parameters.values()) {
      double[] values = Elements.read(p.storage(), p.offset(), p.shape());
      for (double value : values) {
        if (!Double.isFinite(value)) {
          throw new ThalwegException(
              ExitCode.DIVERGED,
              "Weight '"
                  + p.name()
                  + "' became "
                  + value
                  + ": training diverged. Try a smaller "
                  + "learning-rate.");
        }
      }
      writer.tensor(p.name(), tensor(p, values));
    }
  }

  /**
   * Reads every parameter by its name.
   *
   * @throws ThalwegException exit code 3 where a shape differs or a number is not finite
   */
  public void load(ModelReader reader) {
    for (Parameter p : parameters.values()) {
      Tensor tensor = reader.tensor(p.name());
      if (!tensor.shape().equals(p.shape())) {
        throw ThalwegException.data(
            "Weight '%s' has shape %s in the file, the model needs %s.",
            p.name(), tensor.shape(), p.shape());
      }
      double[] values = tensor.toDoubles();
      for (double value : values) {
        if (!Double.isFinite(value)) {
          throw ThalwegException.data(
              "Weight '%s' holds %s; every weight must be finite.", p.name(), value);
        }
      }
      Elements.write(p.storage(), p.offset(), values);
    }
    trainable.real().publish();
    buffers.real().publish();
  }

  /**
   * Counts a moving average of the weights among what a checkpoint holds.
   *
   * @throws ThalwegException exit code 2 where that is too much for a file
   */
  void keepAverage() {
    averaged = true;
    requireCheckpointFits();
  }

  /** Found before memory is asked for, and not when hours of training are to be written. */
  private void requireCheckpointFits() {
    int weight = engine.dataType().getNumOfBytes();
    int state = STATE_BYTES + (averaged ? Double.BYTES : 0);
    long bytes = trainable.length * (weight + state) + buffers.length * weight;
    if (bytes > MOST_BYTES) {
      throw ThalwegException.usage(
          "The model would have at least %d parameters, and its checkpoint %d bytes; a file holds at"
              + " most %d. Choose fewer layers, or narrower ones.",
          size(), bytes, MOST_BYTES);
    }
  }

  private static Tensor tensor(Parameter p, double[] values) {
    DataType type = p.storage().dataType();
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.getNumOfBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (type == DataType.FLOAT32) {
        data.putFloat((float) value);
      } else {
        data.putDouble(value);
      }
    }
    return new Tensor(p.shape(), type, data.flip());
  }

  private final class Child implements ParameterScope {
    private final String prefix;

    Child(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public ParameterScope child(String name) {
      return new Child(prefix + name + ".");
    }

    @Override
    public Parameter parameter(String name, Shape shape, Initializer initializer) {
      return ParameterStore.this.parameter(prefix + name, shape, initializer);
    }

    @Override
    public Parameter buffer(String name, Shape shape, Initializer initializer) {
      return ParameterStore.this.buffer(prefix + name, shape, initializer);
    }

    @Override
    public Parameter statistic(String name, Shape shape, Initializer initializer) {
      return ParameterStore.this.statistic(prefix + name, shape, initializer);
    }
  }

  /** A memory whose size is known only when the last parameter was declared. */
  private final class Region implements Storage {
    private final Map<Parameter, Initializer> initializers = new LinkedHashMap<>();
    private final List<Storage> allocated = new ArrayList<>(1);
    private long length;

    Parameter declare(String name, Shape shape, boolean isTrainable, Initializer initializer) {
      if (!allocated.isEmpty()) {
        throw new IllegalStateException(
            "Parameter '" + name + "' was declared after the first use of the store.");
      }
      Parameter p = new Parameter(name, shape, isTrainable, this, length);
      if (parameters.putIfAbsent(name, p) != null) {
        throw ThalwegException.usage("Two parameters are named '%s'.", name);
      }
      initializers.put(p, initializer);
      length += (shape.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      requireCheckpointFits();
      return p;
    }

    synchronized Storage real() {
      if (allocated.isEmpty()) {
        Storage storage = engine.newStorage(Math.max(length, ALIGNMENT));
        initializers.forEach(
            (p, initializer) -> {
              int size = Math.toIntExact(p.shape().size());
              Seed own = seed.child("parameter").child(p.name());
              Elements.write(storage, p.offset(), initializer.values(size, own.generator()));
            });
        storage.publish();
        allocated.add(storage);
        initializers.clear();
      }
      return allocated.get(0);
    }

    @Override
    public DataType dataType() {
      return engine.dataType();
    }

    @Override
    public ByteBuffer host() {
      return real().host();
    }

    @Override
    public void publish() {
      real().publish();
    }

    @Override
    public void fetch() {
      real().fetch();
    }

    @Override
    public void spread() {
      real().spread();
    }

    @Override
    public NDArray view(NDManager manager, long offset, Shape shape) {
      return real().view(manager, offset, shape);
    }
  }
}
