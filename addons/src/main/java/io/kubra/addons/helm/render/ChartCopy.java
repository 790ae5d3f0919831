package io.kubra.addons.helm.render;

import io.kubra.addons.files.FolderTree;
import io.kubra.addons.helm.library.HelmException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A chart and its subcharts as files to be changed, in a folder that {@link #close} removes. */
final class ChartCopy implements AutoCloseable {
  /** Gives a file another text; bytes are characters of ISO 8859-1, so that none gets lost. */
  interface Change {
    String apply(Path file, String text);
  }

  private final Path folder;
  private final Path chart;

  /**
   * Copies a chart.
   *
   * @param source a chart's folder or archive
   * @throws HelmException if it is neither
   */
  ChartCopy(Path source, Change change) {
    try {
      folder = Files.createTempDirectory("kubra-render");
      Path root = folder.resolve("chart");
      if (Files.isDirectory(source)) {
        FolderTree.copy(source, root);
        chart = root;
      } else {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(source))) {
          ChartArchive.unpack(in, root);
        }
        chart = onlyFolder(root);
      }
      unpackSubcharts(chart);
      change(change);
    } catch (IOException e) {
      throw new HelmException(e.toString(), e);
    }
  }

  /** The chart's folder. */
  Path chart() {
    return chart;
  }

  private static Path onlyFolder(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow(() -> new HelmException("the archive holds no chart"));
    }
  }

  private static void unpackSubcharts(Path chart) throws IOException {
    Path charts = chart.resolve("charts");
    if (!Files.isDirectory(charts)) {
      return;
    }
    List<Path> entries;
    try (Stream<Path> files = Files.list(charts)) {
      entries = files.toList();
    }
    for (Path entry : entries) {
      if (entry.toString().endsWith(".tgz")) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(entry))) {
          ChartArchive.unpack(in, charts);
        }
        Files.delete(entry);
      }
    }
    try (Stream<Path> files = Files.list(charts)) {
      for (Path sub : files.filter(Files::isDirectory).toList()) {
        unpackSubcharts(sub);
      }
    }
  }

  private void change(Change change) throws IOException {
    try (Stream<Path> files = Files.walk(chart)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String changed = change.apply(chart.relativize(file), text);
        if (!changed.equals(text)) {
          Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      FolderTree.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
