package io.kubra.node.logs;

import io.kubra.model.core.v1.Pod;
import io.kubra.node.cri.v1.Cri;
import io.kubra.node.runtime.Labels;
import io.kubra.node.runtime.RuntimeContainer;
import io.kubra.node.system.NodePaths;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The log files of containers: one folder for each container, one file for each of its starts. */
public final class ContainerLogs {
  private static final int MOST_WORDS = 4096;
  private static final int MOST_LOG_WORDS = 2048;
  private static final int MOST_LOG_LINES = 80;

  private final NodePaths paths;

  /** Logs on this node. */
  public ContainerLogs(NodePaths paths) {
    this.paths = paths;
  }

  /** Makes the folder that a container's logs go to. */
  public void prepare(Pod pod, String container) throws IOException {
    Files.createDirectories(paths.podLogs(pod).resolve(container));
  }

  /** How often a container was started, by its log files, when the runtime no longer knows. */
  public int starts(Pod pod, String container) throws IOException {
    Path folder = paths.podLogs(pod).resolve(container);
    int starts = 0;
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log*")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          String number = name.substring(0, name.indexOf('.'));
          if (number.matches("[0-9]{1,9}")) {
            starts = Math.max(starts, Integer.parseInt(number) + 1);
          }
        }
      }
    }
    return starts;
  }

  /** Deletes the logs of one start of a container, rotated ones too. */
  public void delete(RuntimeContainer container) throws IOException {
    String path = container.status().getLogPath();
    if (path.isEmpty()) {
      return;
    }
    Path file = Path.of(path);
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file.getFileName() + "*")) {
      for (Path each : files) {
        Files.deleteIfExists(each);
      }
    }
  }

  /** What an ended container left to say: its message file, or the end of its log; or null. */
  public @Nullable String lastWords(RuntimeContainer container) {
    Cri.ContainerStatus status = container.status();
    String path = status.getAnnotationsOrDefault(Labels.TERMINATION_MESSAGE_PATH, "");
    String policy = status.getAnnotationsOrDefault(Labels.TERMINATION_MESSAGE_POLICY, "File");
    String words = "";
    for (Cri.Mount mount : status.getMountsList()) {
      if (mount.getContainerPath().equals(path)) {
        words = read(Path.of(mount.getHostPath()));
      }
    }
    if (words.isEmpty() && policy.equals("FallbackToLogsOnError") && status.getExitCode() != 0) {
      words = logEnd(status.getLogPath());
    }
    if (words.isEmpty()) {
      words = status.getMessage();
    }
    return words.isEmpty() ? null : words;
  }

  private static String read(Path file) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "Error on reading termination message: " + e.getMessage();
    }
  }

  private static String logEnd(String path) {
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(LogTail.offset(file, MOST_LOG_LINES));
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        LogLine parsed = LogLine.parse(bytes, bytes.length);
        if (parsed != null) {
          text.writeBytes(parsed.content());
        }
      }
      byte[] all = text.toByteArray();
      return new String(
          Arrays.copyOfRange(all, Math.max(0, all.length - MOST_LOG_WORDS), all.length),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "Error on reading termination message from logs: " + e.getMessage();
    }
  }

  /** Deletes all logs of a pod. */
  public void delete(String namespace, String name, String uid) throws IOException {
    Path folder = paths.logs().resolve(namespace + "_" + name + "_" + uid);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
