package io.kubra.node.stats;

import io.kubra.node.cgroup.CgroupUsage;
import io.kubra.node.system.Kernel;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The space of a file system; {@link CgroupUsage#UNKNOWN} for what it does not tell.
 *
 * @param device what is mounted
 * @param capacity bytes
 * @param available bytes that may still be written without privileges
 */
record DiskSpace(String device, long capacity, long available, long inodes, long inodesFree) {
  /** The file system that a folder lies on. */
  static DiskSpace of(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      Kernel.Inodes inodes = Kernel.inodes(folder);
      return new DiskSpace(
          store.name(),
          store.getTotalSpace(),
          store.getUsableSpace(),
          inodes.total(),
          inodes.free());
    } catch (IOException e) {
      return new DiskSpace(
          "", CgroupUsage.UNKNOWN, CgroupUsage.UNKNOWN, CgroupUsage.UNKNOWN, CgroupUsage.UNKNOWN);
    }
  }

  /** Bytes in use, those kept for the administrator included. */
  long used() {
    return capacity < 0 ? CgroupUsage.UNKNOWN : capacity - available;
  }
}
