package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.engine.Availability;

/** What is said of libtorches that are files of a few bytes. */
class NativesTest {
  private static final int X86 = 62;
  private static final String TODAYS = "_ZN3c106detail14torchCheckFailEPKcS2_jRKNSt7__cxx1112bas";

  /** As libc10.so of PyPI's wheel of 2.6.0 has them. */
  private static final String OLDER =
      "_ZN3c106detail14torchCheckFailEPKcS2_jRKSs _ZGTtNSt11logic_errorC1ERKNSt7__cxx1112";

  @TempDir Path directory;

  private final Map<String, String> settings = new HashMap<>();
  private Optional<String> onClassPath = Optional.of("cpu");
  private boolean driver;
  private Set<String> called = Set.of();

  private Natives find() {
    return Natives.find(
        new Natives.Machine(
            name -> Optional.ofNullable(settings.get(name)),
            "2.7.1",
            onClassPath,
            driver,
            "Linux",
            "amd64",
            flavour -> called));
  }

  private Availability.Unavailable refused() {
    return find().problem().orElseThrow();
  }

  /** The lib directory of a libtorch as it is unpacked, named in the environment. */
  private Path unpacked(String version, int machine, String symbols) throws IOException {
    Path lib = Files.createDirectories(directory.resolve("libtorch").resolve("lib"));
    ByteBuffer core = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    core.put(new byte[] {0x7f, 'E', 'L', 'F'}).putShort(18, (short) machine).position(100);
    core.put(symbols.getBytes(StandardCharsets.US_ASCII));
    for (String name : new String[] {"c10", "torch", "torch_cpu"}) {
      Files.write(lib.resolve(System.mapLibraryName(name)), core.array());
    }
    Files.writeString(lib.resolveSibling("build-version"), version + "\n");
    settings.put(Natives.PATH, lib.toString());
    return lib;
  }

  private Path unpacked() throws IOException {
    return unpacked("2.7.1+cu128", X86, TODAYS);
  }

  @Test
  void thatOfTheClassPathIsTakenAsItIs() {
    Natives natives = find();
    assertTrue(natives.problem().isEmpty());
    assertEquals(Map.of(), natives.settings());
    assertEquals("class path", natives.origin());
    onClassPath = Optional.of("cu128");
    assertTrue(find().cuda());
  }

  @Test
  void withoutAnyTheVersionIsNamed() {
    onClassPath = Optional.empty();
    assertTrue(refused().reason().contains("no libtorch was found"));
    assertTrue(refused().cure().contains("2.7.1"), refused().cure());
    assertTrue(refused().cure().contains("pytorch-native-cpu"), refused().cure());
  }

  @Test
  void aDownloadIsDoneOnlyWhereItIsWishedFor() {
    onClassPath = Optional.empty();
    settings.put(Natives.FLAVOUR, "cu128");
    assertTrue(find().problem().isEmpty());
    assertTrue(find().cuda());
    assertTrue(find().origin().contains("downloaded"), find().origin());
  }

  /** Left to itself DJL looks for the bindings "cpu-precxx11", which there are not. */
  @Test
  void aNamedOneIsDescribedToDjl() throws IOException {
    unpacked();
    assertEquals(
        Map.of(Natives.VERSION, "2.7.1", Natives.FLAVOUR, "cpu"),
        find().settings(),
        "built without CUDA");
    Path lib = directory.resolve("libtorch/lib");
    Files.copy(
        lib.resolve(System.mapLibraryName("c10")),
        lib.resolve(System.mapLibraryName("torch_cuda")));
    assertEquals("cpu", find().settings().get(Natives.FLAVOUR), "without a driver");
    assertTrue(find().cuda());
    driver = true;
    assertEquals("cu128", find().settings().get(Natives.FLAVOUR));
    assertEquals("2.7.1+cu128", find().version());
    settings.put(Natives.FLAVOUR, "cpu");
    assertEquals(Map.of(Natives.VERSION, "2.7.1"), find().settings(), "what the user set stays");
  }

  @Test
  void theLibraryItselfMayBeNamed() throws IOException {
    settings.put(Natives.PATH, unpacked().resolve(System.mapLibraryName("torch")).toString());
    assertTrue(find().problem().isEmpty(), find().toString());
  }

  @Test
  void aPathThatIsNotThere() {
    settings.put(Natives.PATH, directory.resolve("nowhere").toString());
    assertTrue(refused().reason().contains("nowhere"), refused().reason());
    assertTrue(refused().reason().contains("does not exist"), refused().reason());
    assertTrue(refused().cure().contains("libtorch 2.7.1"), refused().cure());
  }

  @Test
  void aPathWithoutLibTorch() throws IOException {
    settings.put(Natives.PATH, directory.toString());
    assertTrue(refused().reason().contains("holds no libtorch.so"), refused().reason());
    unpacked();
    settings.put(Natives.PATH, directory.resolve("libtorch").toString());
    assertTrue(refused().reason().contains("libtorch/lib' does"), refused().reason());
  }

  @Test
  void oneThatIsNotWhole() throws IOException {
    Files.delete(unpacked().resolve(System.mapLibraryName("torch_cpu")));
    assertTrue(refused().reason().contains("libtorch_cpu.so is missing"), refused().reason());
  }

  @ParameterizedTest
  @CsvSource({
    "2.6.0+cpu, 62, 'it is version 2.6.0+cpu, and 2.7.1 is needed'",
    "2.7.10,    62, 'it is version 2.7.10, and 2.7.1 is needed'",
    "2.7.1,    183, another processor than amd64"
  })
  void oneThatDoesNotFit(String version, int machine, String reason) throws IOException {
    unpacked(version, machine, TODAYS);
    assertTrue(refused().reason().contains(reason), refused().reason());
    assertTrue(refused().cure().contains("libtorch 2.7.1"), refused().cure());
  }

  @Test
  void oneOfAnotherBinaryInterface() throws IOException {
    unpacked("2.7.1", X86, OLDER);
    assertTrue(refused().reason().contains("the C++ ABI of before C++11"), refused().reason());
    assertTrue(refused().cure().contains("libtorch 2.7.1"), refused().cure());
  }

  @Test
  void aFileThatIsNoLibrary() throws IOException {
    Files.writeString(unpacked().resolve(System.mapLibraryName("c10")), "a pointer to a file");
    assertTrue(refused().reason().contains("no library"), refused().reason());
  }

  @Test
  void oneOfAnUnknownVersion() throws IOException {
    Files.delete(unpacked().resolveSibling("build-version"));
    assertTrue(refused().reason().contains("PYTORCH_VERSION=2.7.1"), refused().reason());
    settings.put(Natives.VERSION, "2.7.1");
    assertTrue(find().problem().isEmpty());
    settings.put(Natives.VERSION, "2.5.1");
    assertTrue(refused().reason().contains("it is version 2.5.1"), refused().reason());
  }

  @Test
  void theVersionOfPythonsPackage() throws IOException {
    Path version = unpacked().resolveSibling("build-version");
    Files.delete(version);
    Files.writeString(version.resolveSibling("version.py"), "__version__ = '2.7.1+cu126'\n");
    assertEquals("2.7.1+cu126", find().version());
  }

  @Test
  void settingsThatContradictIt() throws IOException {
    unpacked();
    settings.put(Natives.VERSION, "2.5.1");
    assertTrue(refused().reason().contains("PYTORCH_VERSION is '2.5.1'"), refused().reason());
    settings.remove(Natives.VERSION);
    settings.put(Natives.FLAVOUR, "cu118");
    assertTrue(refused().reason().contains("PYTORCH_FLAVOR is 'cu118'"), refused().reason());
  }

  /** As after an unpacking that was interrupted; loading one would end the process. */
  @ParameterizedTest
  @CsvSource({"c10, 1000", "torch_cpu, 1000", "torch, 0", "torch_cpu, -1"})
  void oneThatEndsTooEarly(String library, int length) throws IOException {
    Path lib = Files.createDirectories(directory.resolve("2.7.1-cpu"));
    for (String name : new String[] {"c10", "torch", "torch_cpu"}) {
      byte[] whole = Files.readAllBytes(real().resolve(System.mapLibraryName("c10")));
      int kept = !name.equals(library) ? whole.length : length < 0 ? whole.length - 1 : length;
      Files.write(lib.resolve(System.mapLibraryName(name)), Arrays.copyOf(whole, kept));
    }
    settings.put(Natives.PATH, lib.toString());
    String file = System.mapLibraryName(library);
    String reason = refused().reason();
    assertTrue(reason.contains(file), reason);
    assertTrue(reason.contains(length == 0 ? "no library" : "ends too early"), reason);
  }

  /** The lengths of a table's rows, and the numbers of its rows, at these places of the header. */
  @ParameterizedTest
  @ValueSource(ints = {54, 56, 58, 60})
  void aTableThatIsDamaged(int place) throws IOException {
    Path file = unpacked().resolve(System.mapLibraryName("torch"));
    byte[] bytes = Files.readAllBytes(real().resolve(System.mapLibraryName("c10")));
    bytes[place] = 1;
    bytes[place + 1] = (byte) (place % 4 == 2 ? 0 : 0x7f);
    Files.write(file, bytes);
    String reason = refused().reason();
    assertTrue(reason.contains("it is not whole, " + file.getFileName()), reason);
  }

  /** A name that is called and is nowhere ends the process when it is called first. */
  @Test
  void oneThatIsNotOfTheVersionThatTheUserVouchesFor() throws IOException {
    Path lib = Files.createDirectories(directory.resolve("lib"));
    for (String name : new String[] {"c10", "torch", "torch_cpu"}) {
      Files.createSymbolicLink(
          lib.resolve(System.mapLibraryName(name)), real().resolve(System.mapLibraryName(name)));
    }
    settings.put(Natives.PATH, lib.toString());
    settings.put(Natives.VERSION, "2.7.1");
    Set<String> theirs = LibTorch.called("cpu");
    assertTrue(theirs.contains("_ZNK3c106SymInt6sym_neERKS0_"), theirs.toString());
    called = theirs;
    assertEquals(Optional.empty(), find().problem());
    called = new TreeSet<>(theirs);
    called.add("_ZN2at9no_suchEv");
    called.add("_ZN3c109also_noneEv");
    String reason = refused().reason();
    assertTrue(reason.contains("of another version than the 2.7.1 that PYTORCH_VERSION"), reason);
    assertTrue(reason.contains("lacks 2 of the " + called.size() + " names"), reason);
    assertTrue(reason.contains("_ZN2at9no_suchEv"), reason);
  }

  @Test
  void aPathThatJavaCannotRead() {
    settings.put(Natives.PATH, "lib\0torch");
    assertTrue(refused().reason().contains("is no path here"), refused().reason());
    assertTrue(refused().cure().contains("LC_ALL"), refused().cure());
  }

  @Test
  void theVersionBesideALink() throws IOException {
    Path lib = unpacked();
    Path link = Files.createSymbolicLink(directory.resolve("link"), lib);
    settings.put(Natives.PATH, link.toString());
    assertEquals("2.7.1+cu128", find().version());
    settings.put(Natives.PATH, lib.resolve(".").toString());
    assertEquals("2.7.1+cu128", find().version());
    Path here = Path.of("").toAbsolutePath();
    settings.put(Natives.PATH, here.relativize(lib).toString());
    assertEquals("2.7.1+cu128", find().version());
  }

  @ParameterizedTest
  @CsvSource({
    "'libdjl_torch.so: undefined symbol: _ZNK3c10', of another version than 2.7.1",
    "'libcudart.so.12: cannot open shared object file: No such file', install the library",
    "something else, remove what the message is about"
  })
  void whatTheLinkerSaysIsExplained(String said, String cure) {
    String text = LibTorch.cure(new UnsatisfiedLinkError(said));
    assertTrue(text.contains(cure) && text.contains("libtorch 2.7.1"), text);
  }

  @Test
  void aDownloadThatFailsIsExplained() {
    String text = LibTorch.cure(new UnknownHostException("a.host"));
    assertTrue(text.contains("needs the internet"), text);
    assertTrue(text.contains("pytorch-native-cpu"), text);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNoLackOfInternet() {
    for (IOException amiss :
        List.of(
            new AccessDeniedException("/home/somebody/.djl.ai"),
            new IOException("No space left on device"))) {
      String text = LibTorch.cure(amiss);
      assertTrue(text.contains("DJL_CACHE_DIR"), text);
      assertFalse(text.contains("internet"), text);
    }
  }

  /** Images of containers set it for a libtorch of their own. */
  @Test
  void aVersionThatIsSetForAnotherCountsOnTheClassPathToo() {
    settings.put(Natives.VERSION, "2.8.0a0+34c6371d24.nv25.8");
    assertTrue(refused().reason().contains("and 2.7.1 is needed"), refused().reason());
    assertTrue(refused().cure().contains("unset PYTORCH_VERSION"), refused().cure());
    settings.put(Natives.VERSION, "2.7.1");
    assertEquals(Optional.empty(), find().problem());
  }

  @Test
  void aDownloadOfWhatThereIsNotIsRefused() {
    onClassPath = Optional.empty();
    settings.put(Natives.FLAVOUR, "cu126");
    assertTrue(refused().reason().contains("bindings for cpu and cu128"), refused().reason());
  }

  /** The names that are given to DJL are those of bindings that it has. */
  @ParameterizedTest
  @CsvSource({"cpu", Natives.CUDA})
  void thereAreBindings(String flavour) {
    String name = "jnilib/linux-x86_64/" + flavour + "/libdjl_torch.so";
    assertNotNull(LibTorch.class.getClassLoader().getResource(name), name);
    assertEquals("2.7.1", LibTorch.wanted());
  }

  /** Golden: the libtorch that this test itself runs on. */
  @Test
  void aRealOneFits() {
    settings.put(Natives.PATH, real().toString());
    // What a user vouches for in the environment of the test counts in it too.
    Optional.ofNullable(System.getenv(Natives.VERSION))
        .ifPresent(version -> settings.put(Natives.VERSION, version));
    assertEquals(Optional.empty(), find().problem());
  }

  private static Path real() {
    Engines.host(ai.djl.ndarray.types.DataType.FLOAT32).close();
    return Path.of(ai.djl.pytorch.jni.LibUtils.getLibtorchPath());
  }
}
