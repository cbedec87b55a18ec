package org.thalweg.engine.cpu.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.ref.Cleaner;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Storage;
import org.thalweg.api.engine.Tape;

/** libtorch on the processor, or on one or more devices. */
public final class TorchEngine implements Engine {
  private static final Cleaner CLEANER = Cleaner.create();

  /** As libtorch's allocators for CUDA and for the host say it. */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("out of memory|can't allocate memory|not enough memory");

  private final String name;
  private final EngineOptions options;
  private final boolean hostViews;
  private final Scripts scripts;
  private final ai.djl.engine.Engine torch;
  private final NDManager base;

  /** Those of the devices beside the first; each has no others. */
  private final List<TorchEngine> others;

  private final Map<ScriptedOperation, Program> programs = new ConcurrentHashMap<>();
  private final LongAdder readBacks = new LongAdder();
  private final LongAdder uploads = new LongAdder();
  private Autograd autograd;
  private Upload upload;
  private volatile boolean rounded;

  /**
   * @param devices what a batch is divided over
   * @param hostViews false makes it behave as on a device whose memory the host does not see
   */
  TorchEngine(
      String name,
      List<Device> devices,
      EngineOptions options,
      boolean hostViews,
      Scripts scripts) {
    this.name = name;
    this.options = options;
    this.hostViews = hostViews;
    this.scripts = scripts;
    this.torch = LibTorch.load();
    this.base = torch.newBaseManager(devices.get(0));
    // Only sub-managers may be attached: a stray tensor would live as long as the engine.
    base.cap();
    this.others =
        devices.stream()
            .skip(1)
            .map(device -> new TorchEngine(name, List.of(device), options, hostViews, scripts))
            .toList();
  }

  /**
   * Opens an engine.
   *
   * @param devices what a batch is divided over: the processor, or GPUs
   * @throws org.thalweg.api.error.ThalwegException exit code 4, where libtorch cannot be loaded
   */
  public static TorchEngine open(
      String name, List<Device> devices, EngineOptions options, Scripts scripts) {
    return new TorchEngine(name, devices, options, !devices.get(0).isGpu(), scripts);
  }

  /**
   * Opens an engine on the processor that goes the way of as many devices as are asked for: copies
   * instead of views, and each with copies of its own.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 4, where libtorch cannot be loaded
   */
  public static TorchEngine simulated(String name, EngineOptions options, Scripts scripts) {
    List<Device> devices = Collections.nCopies(options.devices().size(), Device.cpu());
    return new TorchEngine(name, devices, options, false, scripts);
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
  public Precision precision() {
    return options.precision();
  }

  @Override
  public boolean rounded() {
    return precision() != Precision.BFLOAT16 || rounded;
  }

  @Override
  public String numbers() {
    return Engine.super.numbers() + (scripts == Scripts.FUSED ? " fused" : "");
  }

  @Override
  public int parallelism() {
    // A device computes for a worker of its own.
    return Math.max(options.threads(), hostViews ? 1 : shares());
  }

  @Override
  public int shares() {
    return hostViews ? options.threads() : 1 + others.size();
  }

  @Override
  public TorchEngine ofShare(int share) {
    int at = share % (1 + others.size());
    return at == 0 ? this : others.get(at - 1);
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

  /** Notes that so many arrays of a tape were made of numbers of the host. */
  void uploaded(int count) {
    if (!hostViews) {
      uploads.add(count);
    }
  }

  /** Differentiable gradients, loaded when first asked for. */
  synchronized Autograd autograd() {
    if (autograd == null) {
      autograd = new Autograd((PtNDManager) newManager());
    }
    return autograd;
  }

  /** The way of numbers to the device, loaded when first asked for. */
  synchronized Upload upload() {
    if (upload == null) {
      NDManager host = newManager().newSubManager(Device.cpu());
      upload = new Upload((PtNDManager) newManager(), device(), host);
    }
    return upload;
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
    return programs.computeIfAbsent(operation, this::loaded);
  }

  private Program loaded(ScriptedOperation operation) {
    PtNDManager manager = (PtNDManager) newManager();
    if (precision() == Precision.BFLOAT16 && operation.rounds()) {
      rounded = true;
      return Program.rounded(manager, operation, scripts);
    }
    return Program.exact(manager, operation, scripts);
  }

  @Override
  public Storage newStorage(long elements) {
    return hostViews
        ? new HostStorage(dataType(), elements)
        : new DeviceStorage(
            parts().map(TorchEngine::newManager).toList(), dataType(), elements, this::hostView);
  }

  @Override
  public boolean hostViews() {
    return hostViews;
  }

  @Override
  public HostArray hostView(NDArray array) {
    if (hostViews) {
      return HostViews.inPlace(array);
    }
    readBacks.increment();
    return HostViews.copy(array);
  }

  @Override
  public boolean outOfMemory(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof EngineException && OUT_OF_MEMORY.matcher(message).find()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void trim() {
    if (device().isGpu()) {
      // What nobody refers to any more holds its memory until it is collected.
      System.gc();
      JniUtils.emptyCudaCache();
    }
  }

  @Override
  public SortedMap<String, String> describe() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("engine", name);
    facts.put(
        "device",
        parts()
            .map(TorchEngine::device)
            .map(device -> device.isGpu() ? "gpu " + device.getDeviceId() : "cpu")
            .collect(Collectors.joining(", ")));
    facts.put("data type", dataType().toString());
    facts.put("precision", precision().name().toLowerCase(Locale.ROOT));
    facts.put("threads", Integer.toString(parallelism()));
    facts.put("threads within an operation", Integer.toString(JniUtils.getNumThreads()));
    facts.put("DJL", ai.djl.engine.Engine.getDjlVersion());
    facts.put("libtorch", torch.getVersion());
    if (!hostViews) {
      facts.put("scripts", scripts == Scripts.FUSED ? "fused" : "as written");
      if (device().isGpu() && base.isOpen()) {
        boolean refused = parts().anyMatch(part -> part.upload().refused());
        facts.put("batches", refused ? "sent as they are" : "page-locked");
      }
      // Each waits for all that the device was told to do before.
      facts.put("read-backs", sum(part -> part.readBacks));
      if (!device().isGpu()) {
        // Known of the processor alone: to a GPU, DJL's own are sent unseen.
        facts.put("uploads", sum(part -> part.uploads));
      }
    }
    return facts;
  }

  private Stream<TorchEngine> parts() {
    return Stream.concat(Stream.of(this), others.stream());
  }

  private String sum(Function<TorchEngine, LongAdder> count) {
    return Long.toString(parts().map(count).mapToLong(LongAdder::sum).sum());
  }

  @Override
  public void close() {
    others.forEach(TorchEngine::close);
    base.close();
  }
}
