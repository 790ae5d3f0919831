package io.kubra.e2e;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small web server with a shell, built offline from the distribution's static busybox, and bash
 * and perl with their libraries: a static program cannot resolve names the usual way, and busybox
 * has no server for UDP.
 */
final class TestImage {
  static final String NAME = "localhost/kubra/web:1";
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> PROGRAMS =
      List.of(
          "sh",
          "nslookup",
          "cat",
          "sleep",
          "httpd",
          "ls",
          "id",
          "hostname",
          "kill",
          "dmesg",
          "nc",
          "rm",
          "head",
          "timeout");
  private static final Path INIT = Path.of("/usr/bin/catatonit");
  private static final List<Path> DYNAMIC = List.of(Path.of("/bin/bash"), Path.of("/usr/bin/perl"));
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  private TestImage() {}

  /** A command that fetches the page from a host by name or address. */
  static String[] fetch(String host) {
    return new String[] {
      "/bin/bash",
      "-c",
      "exec 3<>/dev/tcp/$0/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3",
      host
    };
  }

  /** The image as an archive in a folder, made when first asked for. */
  static synchronized Path archive(Path folder) {
    Path archive = folder.resolve("web.tar");
    if (!Files.exists(archive)) {
      try {
        Files.createDirectories(folder);
        write(archive);
      } catch (Exception e) {
        throw new AssertionError("the test image could not be made", e);
      }
    }
    return archive;
  }

  private static void write(Path archive) throws Exception {
    Path page = Files.createTempFile("index", ".html");
    try {
      Files.writeString(page, "hello from kubra\n");
      FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
      FilePermissions executable = FilePermissions.fromOctalString("755");
      for (String program : PROGRAMS) {
        layer.addEntry(BUSYBOX, AbsoluteUnixPath.get("/bin/" + program), executable, Instant.EPOCH);
      }
      layer.addEntry(INIT, AbsoluteUnixPath.get("/bin/init"), executable, Instant.EPOCH);
      Set<Path> files = new TreeSet<>(DYNAMIC);
      for (Path program : DYNAMIC) {
        Matcher libraries =
            LIBRARY.matcher(
                new Command(Path.of("/usr/bin/ldd"), Map.of(), List.of()).run(program.toString()));
        while (libraries.find()) {
          files.add(Path.of(libraries.group(1)));
        }
      }
      for (Path file : files) {
        layer.addEntry(file, AbsoluteUnixPath.get(file.toString()), executable, Instant.EPOCH);
      }
      layer.addEntry(
          page, AbsoluteUnixPath.get("/www/index.html"), FilePermissions.fromOctalString("644"));
      Jib.fromScratch()
          .addFileEntriesLayer(layer.build())
          // The first process of a container ignores SIGTERM unless it handles it, as httpd does
          // not.
          .setEntrypoint("/bin/init", "--", "/bin/httpd", "-f", "-p", "80", "-h", "/www")
          .containerize(
              Containerizer.to(TarImage.at(archive).named(NAME))
                  .setOfflineMode(true)
                  .setBaseImageLayersCache(archive.resolveSibling("jib-base"))
                  .setApplicationLayersCache(archive.resolveSibling("jib-layers")));
    } finally {
      Files.deleteIfExists(page);
    }
  }
}
