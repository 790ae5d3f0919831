package io.kubra.cli.runtime;

import io.kubra.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the OCI runtimes that work on this machine. That a program is there says little: crun
 * refuses some cgroup layouts, gVisor's platforms need what the kernel may lack. So each is tried,
 * which takes fractions of a second, and the answer is kept until program or kernel change.
 */
public final class OciRuntimes {
  static final String RUNC_SHIM = "io.containerd.runc.v2";
  private static final String RUNSC_SHIM = "io.containerd.runsc.v1";
  private static final String KATA_SHIM = "io.containerd.kata.v2";

  /** Better ones first. KVM is not tried: where it is broken it hangs beyond being killed. */
  private static final List<String> PLATFORMS = List.of("systrap", "ptrace");

  private final Path state;
  private final String stateInside;
  private final boolean sandbox;

  /**
   * The runtimes of a machine.
   *
   * @param state a folder for what is written and remembered
   * @param stateInside the same folder as containerd sees it
   * @param sandbox whether gVisor is wanted
   */
  public OciRuntimes(Path state, String stateInside, boolean sandbox) {
    this.state = state;
    this.stateInside = stateInside;
    this.sandbox = sandbox;
  }

  /**
   * The runtimes that work, runc first.
   *
   * @throws CliException if the folder cannot be written to
   */
  public List<OciRuntime> find() {
    List<OciRuntime> found = new ArrayList<>();
    found.add(new OciRuntime("runc", RUNC_SHIM, null, true));
    try {
      Files.createDirectories(state);
      Remembered remembered = new Remembered(state.resolve("tried"));
      Path crun = program("crun");
      if (crun != null && !remembered.answer(crun, () -> Trial.crun(crun)).isEmpty()) {
        found.add(new OciRuntime("crun", RUNC_SHIM, crun.toString(), true));
      }
      if (sandbox) {
        gvisor(remembered).ifPresent(found::add);
      }
      if (program("containerd-shim-kata-v2") != null && Files.exists(Path.of("/dev/kvm"))) {
        found.add(new OciRuntime("kata", KATA_SHIM, null, false));
      }
    } catch (IOException e) {
      throw new CliException("cannot prepare the container runtimes: " + e.getMessage());
    }
    return found;
  }

  private Optional<OciRuntime> gvisor(Remembered remembered) throws IOException {
    Path runsc = program("runsc");
    if (runsc == null) {
      return Optional.empty();
    }
    String platform = remembered.answer(runsc, () -> workingPlatform(runsc));
    if (platform.isEmpty()) {
      return Optional.empty();
    }
    if (program("containerd-shim-runsc-v1") != null) {
      return Optional.of(new OciRuntime("runsc", RUNSC_SHIM, null, false));
    }
    writeBridge(runsc, platform);
    return Optional.of(new OciRuntime("runsc", RUNC_SHIM, stateInside + "/runsc", false));
  }

  private static String workingPlatform(Path runsc) throws IOException {
    for (String platform : PLATFORMS) {
      if (Trial.runsc(runsc, platform)) {
        return platform;
      }
    }
    return "";
  }

  private void writeBridge(Path runsc, String platform) throws IOException {
    try (InputStream in = OciRuntimes.class.getResourceAsStream("runsc.sh")) {
      if (in == null) {
        throw new IOException("runsc.sh is missing from the distribution");
      }
      String script =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@PROGRAM@", runsc.toString())
              .replace("@OPTIONS@", "--platform=" + platform);
      Path file = state.resolve("runsc");
      // Shims may be reading the old one: a new file takes its place.
      Path next = state.resolve(".runsc.new");
      Files.writeString(next, script);
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(
          next,
          file,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static @Nullable Path program(String name) {
    for (String folder : List.of("/usr/local/bin", "/usr/bin", "/usr/sbin", "/opt/kata/bin")) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }
}
