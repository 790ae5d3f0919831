package io.kubra.cli.local;

import io.kubra.cli.CliException;
import io.kubra.cli.process.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The image of conformance probes, made of the distribution's static busybox. */
public final class ProbeImage {
  private static final String NAME = "localhost/kubra/probe:1";
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private ProbeImage() {}

  /**
   * Loads the image into the nodes of a cluster.
   *
   * @return its name; empty if there is no busybox or a node's containerd does not run
   */
  public static Optional<String> load(LocalCluster cluster) {
    boolean down =
        cluster.machines().stream()
            .map(Machine::containerd)
            .map(Daemon::find)
            .anyMatch(Optional::isEmpty);
    if (down || !Files.isReadable(BUSYBOX)) {
      return Optional.empty();
    }
    try {
      byte[] busybox = Files.readAllBytes(BUSYBOX);
      Map<String, byte[]> files = new LinkedHashMap<>();
      for (String program : new String[] {"busybox", "sh", "cat", "false", "true"}) {
        files.put("bin/" + program, busybox);
      }
      Path archive = Files.createTempFile("kubra-probe", ".tar");
      try {
        Files.write(archive, OciArchive.of(NAME, files, "/bin/sh"));
        for (Machine machine : cluster.machines()) {
          new Containerd(machine).load(archive);
        }
      } finally {
        Files.deleteIfExists(archive);
      }
      return Optional.of(NAME);
    } catch (IOException e) {
      throw new CliException("cannot make the probe image: " + e.getMessage());
    }
  }
}
