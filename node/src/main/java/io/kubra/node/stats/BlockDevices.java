package io.kubra.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of block devices. */
final class BlockDevices {
  private static final Map<String, String> NAMES = new ConcurrentHashMap<>();

  private BlockDevices() {}

  /** The device's file, such as {@code /dev/sda}; its numbers if it has no name. */
  static String name(long major, long minor) {
    return NAMES.computeIfAbsent(major + ":" + minor, BlockDevices::find);
  }

  private static String find(String numbers) {
    try {
      Path device = Files.readSymbolicLink(Path.of("/sys/dev/block", numbers));
      return "/dev/" + device.getFileName();
    } catch (IOException e) {
      return numbers;
    }
  }
}
