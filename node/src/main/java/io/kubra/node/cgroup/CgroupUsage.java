package io.kubra.node.cgroup;

import java.util.List;

/**
 * What a control group and those below it used and may use at one moment. What the kernel does not
 * tell is {@link #UNKNOWN}. Times are nanoseconds, sizes bytes.
 *
 * @param since when the group was made, milliseconds since 1970
 */
public record CgroupUsage(
    long since, Cpu cpu, Memory memory, Processes processes, List<DeviceIo> devices) {
  /** Stands for a value that the kernel does not tell. */
  public static final long UNKNOWN = -1;

  /**
   * Processor time and its limits.
   *
   * @param periods how many periods had a limit in force
   * @param throttledPeriods in how many of them the group used its time up
   * @param shares its weight, in version 1's unit
   * @param quota microseconds of each period, {@link #UNKNOWN} for no limit
   * @param period microseconds
   */
  public record Cpu(
      long total,
      long user,
      long system,
      long periods,
      long throttledPeriods,
      long throttled,
      long shares,
      long quota,
      long period) {}

  /**
   * Memory and its limits; a limit of 0 is none.
   *
   * @param failures how often the limit was met
   * @param rss memory that belongs to processes
   * @param cache pages of files
   * @param inactiveFile pages of files that can be given up at once
   * @param oomKills processes ended because memory ran out
   */
  public record Memory(
      long usage,
      long most,
      long failures,
      long limit,
      long reservation,
      long swapLimit,
      long rss,
      long cache,
      long mappedFile,
      long swap,
      long inactiveFile,
      long pageFaults,
      long majorPageFaults,
      long oomKills) {
    /** What cannot be given up at once: what counts when memory gets short. */
    public long workingSet() {
      return usage < 0 ? UNKNOWN : Math.max(0, usage - Math.max(0, inactiveFile));
    }
  }

  /**
   * How many processes and threads the group has.
   *
   * @param threadsLimit 0 for none
   */
  public record Processes(long processes, long threads, long threadsLimit) {}

  /** What went to and came from a block device. */
  public record DeviceIo(
      long major, long minor, long readBytes, long writeBytes, long reads, long writes) {}
}
