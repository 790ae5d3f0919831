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

/** A small web server with a shell, built from the distribution's static busybox, offline. */
final class TestImage {
  static final String NAME = "localhost/kubra/web:1";
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final List<String> PROGRAMS =
      List.of("sh", "wget", "nslookup", "cat", "sleep", "httpd", "ls", "id", "hostname", "kill");

  private TestImage() {}

  static void write(Path archive) throws Exception {
    Path page = Files.createTempFile("index", ".html");
    try {
      Files.writeString(page, "hello from kubra\n");
      FileEntriesLayer.Builder layer = FileEntriesLayer.builder();
      FilePermissions executable = FilePermissions.fromOctalString("755");
      for (String program : PROGRAMS) {
        layer.addEntry(
            BUSYBOX, AbsoluteUnixPath.get("/bin/" + program), executable, Instant.EPOCH);
      }
      layer.addEntry(
          page, AbsoluteUnixPath.get("/www/index.html"), FilePermissions.fromOctalString("644"));
      Jib.fromScratch()
          .addFileEntriesLayer(layer.build())
          .setEntrypoint("/bin/httpd", "-f", "-p", "80", "-h", "/www")
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
