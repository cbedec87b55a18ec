package org.thalweg.engine.cpu.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.engine.Tape;

/** libtorch on one device. */
public final class TorchEngine implements Engine {
  private static final Cleaner CLEANER = Cleaner.create();

  private final String name;
  private final EngineOptions options;
  private final boolean hostViews;
  private final ai.djl.engine.Engine torch;
  private final NDManager base;
  private final Map<ScriptedOperation, Program> programs = new ConcurrentHashMap<>();
  private Autograd autograd;

  /**
   * @param hostViews false makes it behave as on a device whose memory the host does not see
   */
  TorchEngine(String name, Device device, EngineOptions options, boolean hostViews) {
    this.name = name;
    this.options = options;
    this.hostViews = hostViews;
    this.torch = LibTorch.load();
    this.base = torch.newBaseManager(device);
    // Only sub-managers may be attached: a stray tensor would live as long as the engine.
    base.cap();
  }

  /**
   * Opens an engine.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 4, where libtorch cannot be loaded
   */
  public static TorchEngine open(String name, Device device, EngineOptions options) {
    return new TorchEngine(name, device, options, !device.isGpu());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Device device() {
    return base.getDevice();
  }

  @Override
  public DataType dataType() {
    return options.dataType();
  }

  @Override
  public int parallelism() {
    return options.threads();
  }

  @Override
  public NDManager newManager() {
    if (!base.isOpen()) {
      throw new IllegalStateException("The engine '" + name + "' is closed.");
    }
    return base.newSubManager();
  }

  @Override
  public Tape newTape(Tape.Mode mode) {
    return new TorchTape(this, (PtNDManager) newManager(), mode);
  }

  /** Differentiable gradients, loaded when first asked for. */
  synchronized Autograd autograd() {
    if (autograd == null) {
      autograd = new Autograd((PtNDManager) newManager());
    }
    return autograd;
  }

  /** A scripted operation, loaded when first asked for. */
  Program program(ScriptedOperation operation) {
    // One of equal text is the same; a map's own lock would keep other threads from their own.
    Program loaded = programs.get(operation);
    return loaded != null ? loaded : load(operation);
  }

  /** An array over a parameter's value that lasts as long as the parameter. */
  NDArray lasting(Parameter parameter) {
    NDManager manager = newManager();
    CLEANER.register(parameter, manager::close);
    return parameter.storage().view(manager, parameter.offset(), parameter.shape());
  }

  private synchronized Program load(ScriptedOperation operation) {
    return programs.computeIfAbsent(
        operation, added -> new Program((PtNDManager) newManager(), added));
  }

  @Override
  public Storage newStorage(long elements) {
    return hostViews
        ? new HostStorage(dataType(), elements)
        : new DeviceStorage(newManager(), dataType(), elements);
  }

  @Override
  public boolean hostViews() {
    return hostViews;
  }

  @Override
  public HostArray hostView(NDArray array) {
    return hostViews ? HostViews.inPlace(array) : HostViews.copy(array);
  }

  @Override
  public SortedMap<String, String> describe() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("engine", name);
    facts.put("device", device().isGpu() ? "gpu " + device().getDeviceId() : "cpu");
    facts.put("data type", dataType().toString());
    facts.put("threads", Integer.toString(parallelism()));
    facts.put("threads within an operation", Integer.toString(JniUtils.getNumThreads()));
    facts.put("DJL", ai.djl.engine.Engine.getDjlVersion());
    facts.put("libtorch", torch.getVersion());
    return facts;
  }

  @Override
  public void close() {
    base.close();
  }
}
